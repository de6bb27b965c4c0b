using ClientFailover.Conformance.Process;
using NUnit.Framework;

namespace ClientFailover.Conformance;

/// <summary>
/// The service that most tests share: each has groups of its own. It takes short timeouts, and heartbeats as fast as
/// they come.
/// </summary>
[SetUpFixture]
internal sealed class SharedService
{
    /// <summary>The service.</summary>
    public static ServiceProcess Instance { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => Instance = await ServiceProcess.StartAsync(
        "--MinimumFailoverTimeout", "00:00:00.2", "--MinimumHeartbeatInterval", "0", "--Logging:LogLevel:Default", "Debug");

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (Instance is not null)
        {
            await Instance.DisposeAsync();
        }
    }
}
