using System.Net;
using ClientFailover.Service.Hosting;

namespace ClientFailover.Service.Maintenance.Checks;

/// <summary>Responsible for finding out whether the service answers, or could.</summary>
internal static class PortCheck
{
    private const string Name = "service";
    private const string PortName = "port";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Checks it.</summary>
    /// <param name="options">The settings.</param>
    /// <returns>What was found.</returns>
    public static IEnumerable<CheckResult> Run(ServiceOptions options)
    {
        if (!IsRunning(options.DataDirectory))
        {
            yield return CheckResult.Ok(Name, "It does not run with this data directory.");
            yield return Bind(options);
            yield break;
        }

        if (options.Port == 0)
        {
            yield return CheckResult.Ok(Name, "It runs, on a port that only its log tells.");
            yield break;
        }

        var host = IPAddress.Parse(options.Address) is var address && address.Equals(IPAddress.Any) ? IPAddress.Loopback
            : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : address;
        var uri = new UriBuilder(Uri.UriSchemeHttps, host.ToString(), options.Port, "/healthz/live").Uri;
        yield return Ask(uri) is { } problem
            ? CheckResult.Error(Name, $"It runs with this data directory, but {uri} does not answer: {problem}", "Give this command the settings of the service (--Port, --Address); else look into its log and restart it.")
            : CheckResult.Ok(Name, $"It runs, and answers at {uri.GetLeftPart(UriPartial.Authority)}.");
    }

    private static bool IsRunning(string directory)
    {
        var path = Path.Combine(directory, DataDirectory.LockName);
        if (!File.Exists(path))
        {
            return false;
        }

        using var taken = FileLock.TryTake(path);
        return taken is null;
    }

    private static CheckResult Bind(ServiceOptions options)
    {
        try
        {
            Ports.EnsureFree(options);
            return CheckResult.Ok(PortName, options.Port == 0 ? "Any free one is taken." : $"{options.Address}:{options.Port} can be listened on.");
        }
        catch (StartupException e)
        {
            return CheckResult.Error(PortName, e.Message, "See which program uses it: ss -ltnp, on Windows netstat -abn.");
        }
    }

    private static string? Ask(Uri uri)
    {
        try
        {
            // Which certificate it shows is looked at elsewhere; no credentials are sent.
            using var handler = new SocketsHttpHandler { ConnectTimeout = Patience, UseProxy = false };
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null;
            using var client = new HttpClient(handler) { Timeout = Patience };
            using var request = new HttpRequestMessage(HttpMethod.Get, uri);
            using var response = client.Send(request);
            return response.IsSuccessStatusCode ? null : $"{(int)response.StatusCode}.";
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return e.InnerException?.Message ?? e.Message;
        }
    }
}
