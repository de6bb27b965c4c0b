using System.Text.RegularExpressions;
using ClientFailover.Conformance.Running;
using NUnit.Framework;

namespace ClientFailover.Conformance.Telemetry;

/// <summary>
/// Responsible for the files of <c>samples/monitoring</c>, and for copies of them with which nothing is waited for: other addresses,
/// shorter times, and nothing else.
/// </summary>
internal static partial class MonitoringFiles
{
    /// <summary>How far back the copies look where the originals look back minutes.</summary>
    public const string Window = "1m";

    /// <summary>Where they are.</summary>
    public static string Directory { get; } = Path.Combine(ServiceExecutable.Repository, "samples", "monitoring");

    /// <summary>The path of one.</summary>
    public static string Of(string name) => Path.Combine(Directory, name);

    /// <summary>Writes the copies for a service.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="service">The service.</param>
    /// <param name="certificate">Path of the certificate to trust.</param>
    /// <returns>The path of Prometheus's configuration.</returns>
    public static async Task<string> CopyAsync(string folder, RunningService service, string certificate)
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "client-failover.password"), service.User.Password);
        File.Copy(certificate, Path.Combine(folder, "client-failover.crt"));
        var rules = await File.ReadAllTextAsync(Of("alerts.yml"));
        rules = Waiting().Replace(Range().Replace(rules, $"[{Window}]"), "for: 0s");
        await File.WriteAllTextAsync(Path.Combine(folder, "alerts.yml"), rules);
        var configuration = await File.ReadAllTextAsync(Of("prometheus.yml"));
        configuration = Replace(configuration, "scrape_interval: 15s", "scrape_interval: 1s");
        configuration = Replace(configuration, "evaluation_interval: 15s", "evaluation_interval: 1s");
        configuration = Replace(configuration, "username: prometheus", $"username: {service.User.Name}");
        configuration = Replace(configuration, "localhost:5590", $"127.0.0.1:{service.Tls.Port}");
        var path = Path.Combine(folder, "prometheus.yml");
        await File.WriteAllTextAsync(path, configuration);
        return path;
    }

    private static string Replace(string text, string old, string @new)
    {
        Assert.That(text, Does.Contain(old));
        return text.Replace(old, @new, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\[\d+[mh]\]")]
    private static partial Regex Range();

    [GeneratedRegex(@"for: \d+[smhd]\b")]
    private static partial Regex Waiting();
}
