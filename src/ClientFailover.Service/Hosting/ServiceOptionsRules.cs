using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using ClientFailover.Service.Configuration;
using ClientFailover.Service.Logging;
using ClientFailover.Service.Telemetry;

namespace ClientFailover.Service.Hosting;

/// <summary>Responsible for telling which settings cannot work, alone or together.</summary>
internal static class ServiceOptionsRules
{
    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(365);
    private static readonly TimeSpan OneSecond = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan OneDay = TimeSpan.FromDays(1);

    /// <summary>Checks every rule.</summary>
    /// <param name="options">The settings.</param>
    /// <returns>The mistakes, each in plain words; empty: there are none.</returns>
    public static IReadOnlyList<string> Check(ServiceOptions options)
    {
        var mistakes = new List<string>();
        CheckListening(options, mistakes);
        CheckFiles(options, mistakes);
        CheckKeyProtection(options, mistakes);
        CheckTimeouts(options, mistakes);
        CheckEngine(options, mistakes);
        IdentityRules.Check(options, mistakes);
        LogRules.Check(options, mistakes);
        TelemetryRules.Check(options, mistakes);
        Range(mistakes, nameof(options.HistoryPerGroup), options.HistoryPerGroup, 1, 1_000_000);
        CheckSessionRetention(options, mistakes);
        Range(mistakes, nameof(options.MaxStreamsPerConnection), options.MaxStreamsPerConnection, 1, 1_000_000);
        Range(mistakes, nameof(options.MaxRequestBodySize), options.MaxRequestBodySize, 64 * 1024, 16 * 1024 * 1024);
        CheckLimits(options, mistakes);
        Range(mistakes, nameof(options.AuditRetention), options.AuditRetention, OneDay, TimeSpan.FromDays(3650));
        Range(mistakes, nameof(options.AuditTotalSize), options.AuditTotalSize, 1, 1024 * 1024);
        Range(mistakes, nameof(options.MaxGroupsPerNamespace), options.MaxGroupsPerNamespace, 1, 100_000_000);
        Range(mistakes, nameof(options.MaxSessionsPerNamespace), options.MaxSessionsPerNamespace, 1, 100_000_000);
        Range(mistakes, nameof(options.MaxRememberedCredentials), options.MaxRememberedCredentials, 1_000, 1_000_000);
        Range(mistakes, nameof(options.MaxSessionsPerGroup), options.MaxSessionsPerGroup, 1, 1_000_000);
        Range(mistakes, nameof(options.MaxRequestsPerSecondPerNamespace), options.MaxRequestsPerSecondPerNamespace, 1, 1_000_000);
        return mistakes;
    }

    private static void CheckSessionRetention(ServiceOptions options, List<string> mistakes)
    {
        if (options.SessionRetention != TimeSpan.Zero)
        {
            Range(mistakes, nameof(options.SessionRetention), options.SessionRetention, OneDay, TimeSpan.FromDays(3650), ", or 00:00:00: sessions are kept for ever");
        }
    }

    private static void CheckLimits(ServiceOptions options, List<string> mistakes)
    {
        Range(mistakes, nameof(options.MaxConnections), options.MaxConnections, 0, 1_000_000);
        Range(mistakes, nameof(options.MaxConnectionsPerAddress), options.MaxConnectionsPerAddress, 0, 1_000_000);
        Range(mistakes, nameof(options.MaxNewConnectionsPerSecond), options.MaxNewConnectionsPerSecond, 0, 1_000_000);
        Range(mistakes, nameof(options.MaxRequestsPerSecondPerCaller), options.MaxRequestsPerSecondPerCaller, 0, 1_000_000);
        Range(mistakes, nameof(options.MaxWatchesPerCaller), options.MaxWatchesPerCaller, 0, 1_000_000);
        Range(mistakes, nameof(options.MaxWatchesPerTenant), options.MaxWatchesPerTenant, 0, 1_000_000);
        Range(mistakes, nameof(options.MaxStreamResetsPerSecond), options.MaxStreamResetsPerSecond, 0, 1_000_000);
        Range(mistakes, nameof(options.FailedHeartbeatsAtOnce), options.FailedHeartbeatsAtOnce, 0, 1_000_000);
        Range(mistakes, nameof(options.MaxRequestHeaderCount), options.MaxRequestHeaderCount, 16, 10_000);
        Range(mistakes, nameof(options.MaxRequestHeadersTotalSize), options.MaxRequestHeadersTotalSize, 8 * 1024, 1024 * 1024);
        Range(mistakes, nameof(options.MinimumDataRate), options.MinimumDataRate, 1, 1_000_000);
        Range(mistakes, nameof(options.RequestHeadersTimeout), options.RequestHeadersTimeout, OneSecond, TimeSpan.FromMinutes(10));
        Range(mistakes, nameof(options.RequestBodyTimeout), options.RequestBodyTimeout, OneSecond, TimeSpan.FromMinutes(10));
        Range(mistakes, nameof(options.AnswerTimeout), options.AnswerTimeout, OneSecond, TimeSpan.FromMinutes(10));
        Range(mistakes, nameof(options.IdleConnectionTimeout), options.IdleConnectionTimeout, OneSecond, OneDay);

        // A single message must fit into what may come at once.
        ZeroOrBytes(mistakes, nameof(options.MaxInputPerSecond), options.MaxInputPerSecond, 64 * 1024);
        ZeroOrBytes(mistakes, nameof(options.MaxUnfinishedBytesPerCaller), options.MaxUnfinishedBytesPerCaller, 1024 * 1024);
        ZeroOrBytes(mistakes, nameof(options.MaxUnreadBytesPerCaller), options.MaxUnreadBytesPerCaller, 1024 * 1024);
    }

    private static void CheckListening(ServiceOptions options, List<string> mistakes)
    {
        if (!IPAddress.TryParse(options.Address, out _))
        {
            mistakes.Add($"Address is '{options.Address}'; it must be an IP address such as 0.0.0.0, :: or 127.0.0.1.");
        }

        (string Name, int? Port)[] ports =
        [
            (nameof(options.Port), options.Port),
            (nameof(options.CleartextHttpPort), options.CleartextHttpPort),
            (nameof(options.CleartextGrpcPort), options.CleartextGrpcPort),
        ];
        foreach (var (name, port) in ports)
        {
            if (port is { } value)
            {
                Range(mistakes, name, value, 0, 65535);
            }
        }

        foreach (var same in ports.Where(p => p.Port > 0).GroupBy(p => p.Port).Where(g => g.Count() > 1))
        {
            mistakes.Add($"{string.Join(" and ", same.Select(p => p.Name))} are both {same.Key}; each needs a port of its own.");
        }
    }

    private static void CheckFiles(ServiceOptions options, List<string> mistakes)
    {
        if (options.DataDirectory.Length == 0)
        {
            mistakes.Add("DataDirectory must be set: this account has no home directory to put it in.");
        }
        else if (options.DataDirectory.Contains('\0', StringComparison.Ordinal))
        {
            mistakes.Add("DataDirectory is not a path.");
        }
        else if (File.Exists(options.DataDirectory))
        {
            mistakes.Add($"DataDirectory is '{options.DataDirectory}'; that is a file, it must be a directory.");
        }

        // Names that are valid on every system, so that a directory can be moved from one to another.
        var isFileName = options.CertificateName.Length <= 100
            && !options.CertificateName.StartsWith('.')
            && options.CertificateName.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');
        if (!isFileName)
        {
            mistakes.Add(
                $"CertificateName is '{options.CertificateName}'; it must be at most 100 letters a-z, digits, '.', '-' or '_', and not start with '.'.");
        }
    }

    private static void CheckKeyProtection(ServiceOptions options, List<string> mistakes)
    {
        if (options.KeyProtectionCertificate is not { } path)
        {
            if (options.KeyProtectionPasswordFile is not null)
            {
                mistakes.Add("KeyProtectionPasswordFile is set, but KeyProtectionCertificate, whose password it has, is not.");
            }

            return;
        }

        try
        {
            KeyCertificate.Load(path, options.KeyProtectionPasswordFile).Dispose();
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            mistakes.Add(
                $"KeyProtectionCertificate is '{path}'; it must be a PFX or PEM file with a certificate and its RSA key, and KeyProtectionPasswordFile a file with its password if it has one: {e.Message}");
        }
    }

    private static void CheckTimeouts(ServiceOptions options, List<string> mistakes)
    {
        Range(mistakes, nameof(options.MinimumFailoverTimeout), options.MinimumFailoverTimeout, ShortestTimeout, LongestTimeout);
        Range(mistakes, nameof(options.MaximumFailoverTimeout), options.MaximumFailoverTimeout, ShortestTimeout, LongestTimeout);
        if (options.MinimumFailoverTimeout > options.MaximumFailoverTimeout)
        {
            mistakes.Add(
                $"MinimumFailoverTimeout ({Text(options.MinimumFailoverTimeout)}) must not be longer than MaximumFailoverTimeout ({Text(options.MaximumFailoverTimeout)}).");
        }
        else
        {
            Range(
                mistakes,
                nameof(options.DefaultFailoverTimeout),
                options.DefaultFailoverTimeout,
                options.MinimumFailoverTimeout,
                options.MaximumFailoverTimeout,
                " (MinimumFailoverTimeout to MaximumFailoverTimeout)");
        }
    }

    private static void CheckEngine(ServiceOptions options, List<string> mistakes)
    {
        Range(mistakes, nameof(options.ConnectionLossGrace), options.ConnectionLossGrace, TimeSpan.Zero, OneDay);
        Range(mistakes, nameof(options.DrainTimeout), options.DrainTimeout, TimeSpan.FromMilliseconds(1), OneDay);

        // More than 10 s would break what is promised about LastDataProcessedTime after a crash.
        Range(
            mistakes,
            nameof(options.LastDataProcessedTimeInterval),
            options.LastDataProcessedTimeInterval,
            TimeSpan.FromMilliseconds(100),
            TimeSpan.FromSeconds(10));
        if (options.HeartbeatTolerance is { } tolerance)
        {
            Range(mistakes, nameof(options.HeartbeatTolerance), tolerance, TimeSpan.Zero, OneDay);
        }

        if (options.MinimumHoldTime is { } hold)
        {
            Range(mistakes, nameof(options.MinimumHoldTime), hold, TimeSpan.Zero, LongestTimeout);
        }

        // At 1 the least jitter would have regular heartbeats refused.
        if (options.MinimumHeartbeatInterval is not (>= 0 and <= 0.95))
        {
            mistakes.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"MinimumHeartbeatInterval is {options.MinimumHeartbeatInterval}; it must be between 0 and 0.95."));
        }
    }

    private static void ZeroOrBytes(List<string> mistakes, string name, int value, int lowest)
    {
        const int highest = 1024 * 1024 * 1024;
        if (value != 0 && (value < lowest || value > highest))
        {
            mistakes.Add(string.Create(CultureInfo.InvariantCulture, $"{name} is {value}; it must be 0 or between {lowest} and {highest}."));
        }
    }

    private static void Range(List<string> mistakes, string name, int value, int lowest, int highest)
    {
        if (value < lowest || value > highest)
        {
            mistakes.Add(string.Create(CultureInfo.InvariantCulture, $"{name} is {value}; it must be between {lowest} and {highest}."));
        }
    }

    private static void Range(List<string> mistakes, string name, TimeSpan value, TimeSpan lowest, TimeSpan highest, string remark = "")
    {
        if (value < lowest || value > highest)
        {
            mistakes.Add($"{name} is {Text(value)}; it must be between {Text(lowest)} and {Text(highest)}{remark}.");
        }
    }

    private static string Text(TimeSpan value) => value.ToString("c", CultureInfo.InvariantCulture);
}
