using System.Globalization;

namespace ClientFailover.Conformance.Fuzz;

/// <summary>
/// How the fuzz run is set up. The environment variable <c>CLIENTFAILOVER_FUZZ_REQUESTS</c> says how many requests,
/// 20,000 by default and 1,000,000 for the full run; <c>CLIENTFAILOVER_FUZZ_SEED</c> repeats a run.
/// </summary>
internal static class FuzzSettings
{
    /// <summary>Requests that are sent together over one connection, and can be made again from the seed and their number.</summary>
    public const int BatchSize = 32;

    /// <summary>Batches under way at once: many, as some wait for what the service makes of an incomplete request.</summary>
    public const int Workers = 16;

    /// <summary>By how much the service may have grown in the second half of the run, in bytes.</summary>
    public const long GrowthLimit = 64 * 1024 * 1024;

    private const int QuickRequests = 20_000;

    /// <summary>The settings of the service: nothing is refused for coming too often, and nothing is held back.</summary>
    public static string[] Service { get; } =
    [
        .. Running.RunningService.Quick, "--MaxRequestsPerSecondPerCaller", "0", "--MaxNewConnectionsPerSecond", "0", "--MaxInputPerSecond", "0",
        "--MaxStreamResetsPerSecond", "0", "--FailedHeartbeatsAtOnce", "0",
    ];

    /// <summary>How many requests.</summary>
    public static int Requests { get; } = Read("CLIENTFAILOVER_FUZZ_REQUESTS") ?? QuickRequests;

    /// <summary>What the requests are made from. The quick run is always the same, a longer one never unless it is told to be.</summary>
    public static int Seed { get; } = Read("CLIENTFAILOVER_FUZZ_SEED") ?? (Requests <= QuickRequests ? 1 : Random.Shared.Next());

    private static int? Read(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
