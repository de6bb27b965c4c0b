using ClientFailover.Conformance.Running;
using NUnit.Framework;

namespace ClientFailover.Conformance.Streams;

/// <summary>
/// The one service of most tests of streams: each test has groups of its own. Heartbeats are never too soon, holds
/// are over at once, drains have time, and the loss of a connection is decided quickly.
/// </summary>
[SetUpFixture]
public sealed class StreamsService
{
    private static DataFolder folder = null!;

    /// <summary>The service.</summary>
    internal static RunningService Running { get; private set; } = null!;

    /// <summary>An administrator's connection, which all adapters share as behind a gateway.</summary>
    internal static Caller Caller { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        folder = DataFolder.Create();
        Running = await RunningService.StartAsync(
            folder.Path,
            "--MinimumFailoverTimeout", "00:00:00.1",
            "--MinimumHeartbeatInterval", "0",
            "--MinimumHoldTime", "00:00:00",
            "--DrainTimeout", "00:05:00",
            "--ConnectionLossGrace", "00:00:00.2");
        Caller = new Caller(Running);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        Caller.Dispose();
        await Running.DisposeAsync();
        folder.Dispose();
    }
}
