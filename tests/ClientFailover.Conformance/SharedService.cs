using ClientFailover.Conformance.Running;
using NUnit.Framework;

namespace ClientFailover.Conformance;

/// <summary>
/// The one service of most tests: each has groups of its own. Timeouts may be short, heartbeats are never too soon, holds
/// are over at once, drains have time, and the loss of a connection is decided quickly.
/// </summary>
[SetUpFixture]
internal sealed class SharedService
{
    private static DataFolder folder = null!;

    /// <summary>The service.</summary>
    public static RunningService Instance { get; private set; } = null!;

    /// <summary>An administrator's connection, which all adapters share as behind a gateway.</summary>
    public static Caller Caller { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        folder = DataFolder.Create();
        Instance = await RunningService.StartAsync(
            folder.Path,
            "--MinimumFailoverTimeout", "00:00:00.2",
            "--MinimumHeartbeatInterval", "0",
            "--MinimumHoldTime", "00:00:00",
            "--DrainTimeout", "00:05:00",
            "--ConnectionLossGrace", "00:00:00.2",
            "--Logging:LogLevel:Default", "Debug");
        Caller = new Caller(Instance);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        Caller?.Dispose();
        if (Instance is not null)
        {
            await Instance.DisposeAsync();
        }

        folder.Dispose();
    }
}
