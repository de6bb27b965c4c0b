using System.Globalization;
using ClientFailover.Service.Hosting;

namespace ClientFailover.Service.Telemetry;

/// <summary>Responsible for telling which settings of telemetry cannot work.</summary>
internal static class TelemetryRules
{
    private const int MostNamedGroups = 1000;

    private static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromHours(1);

    /// <summary>Checks every rule.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="mistakes">Receives the mistakes, each in plain words.</param>
    public static void Check(ServiceOptions options, List<string> mistakes)
    {
        // More series than that are beyond what the library keeps of one metric.
        if (options.MetricsGroups is < 0 or > MostNamedGroups)
        {
            mistakes.Add(string.Create(
                CultureInfo.InvariantCulture, $"MetricsGroups is {options.MetricsGroups}; it must be between 0 and {MostNamedGroups}."));
        }

        if (options.OtlpEndpoint.Length > 0)
        {
            CheckOtlp(options, mistakes);
        }
        else if (options.OtlpHeadersFile.Length > 0)
        {
            mistakes.Add("OtlpHeadersFile is set, but OtlpEndpoint, where its headers are sent, is not.");
        }
    }

    private static void CheckOtlp(ServiceOptions options, List<string> mistakes)
    {
        if (!Uri.TryCreate(options.OtlpEndpoint, UriKind.Absolute, out var endpoint)
            || endpoint.Scheme is not ("https" or "http")
            || endpoint.Query.Length + endpoint.Fragment.Length + endpoint.UserInfo.Length > 0)
        {
            // Not repeated: it may have a user and a password in it.
            mistakes.Add("OtlpEndpoint must be an http or https address without user, query and fragment, such as https://collector:4317.");
        }
        else if (options.OtlpHeadersFile.Length > 0 && endpoint is { Scheme: "http", IsLoopback: false })
        {
            mistakes.Add("OtlpHeadersFile is set, but OtlpEndpoint is not encrypted: anybody in between could read its headers. It must be an https address.");
        }

        if (!OtlpExport.IsGrpc(options) && !options.OtlpProtocol.Equals(ServiceOptions.OtlpOverHttp, StringComparison.OrdinalIgnoreCase))
        {
            mistakes.Add($"OtlpProtocol is '{options.OtlpProtocol}'; it must be {ServiceOptions.OtlpOverGrpc} or {ServiceOptions.OtlpOverHttp}.");
        }

        CheckSignals(options, mistakes);
        CheckHeaders(options, mistakes);
        if (options.OtlpTraceRatio is not (>= 0 and <= 1))
        {
            mistakes.Add(string.Create(CultureInfo.InvariantCulture, $"OtlpTraceRatio is {options.OtlpTraceRatio}; it must be between 0 and 1."));
        }

        if (options.OtlpMetricsInterval < ShortestInterval || options.OtlpMetricsInterval > LongestInterval)
        {
            mistakes.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"OtlpMetricsInterval is {options.OtlpMetricsInterval:c}; it must be between {ShortestInterval:c} and {LongestInterval:c}."));
        }
    }

    private static void CheckSignals(ServiceOptions options, List<string> mistakes)
    {
        var known = OtlpSignals.Parse(OtlpSignals.All);
        var names = OtlpSignals.Parse(options.OtlpSignals);
        if (names.Count == 0 || names.Any(n => !known.Contains(n, StringComparer.OrdinalIgnoreCase)))
        {
            mistakes.Add($"OtlpSignals is '{options.OtlpSignals}'; it must name one at least of {string.Join(", ", known)}, and nothing else.");
        }
    }

    private static void CheckHeaders(ServiceOptions options, List<string> mistakes)
    {
        try
        {
            OtlpHeaders.Read(options.OtlpHeadersFile);
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            mistakes.Add($"OtlpHeadersFile is '{options.OtlpHeadersFile}'; it cannot be used: {e.Message}");
        }
    }
}
