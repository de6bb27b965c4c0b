using ClientFailover.Conformance.Running;
using NUnit.Framework;

namespace ClientFailover.Conformance;

/// <summary>The services that most tests share: each test has groups of its own.</summary>
[SetUpFixture]
internal sealed class SharedService
{
    private static readonly DataFolder Folder = DataFolder.Create();
    private static readonly DataFolder FolderWithDefaults = DataFolder.Create();

    /// <summary>
    /// The service of nearly all tests: nothing is waited for, drains have time, and the loss of a connection is decided
    /// quickly.
    /// </summary>
    public static RunningService Instance { get; private set; } = null!;

    /// <summary>A service with the settings that it comes with.</summary>
    public static RunningService WithDefaults { get; private set; } = null!;

    /// <summary>An administrator's connection to <see cref="Instance"/>, which all adapters share as behind a gateway.</summary>
    public static Caller Caller { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        Instance = await RunningService.StartAsync(
            Folder.Path,
            [.. RunningService.Quick, "--DrainTimeout", "00:05:00", "--ConnectionLossGrace", "00:00:00.2", "--Logging:LogLevel:Default", "Debug"]);
        WithDefaults = await RunningService.StartAsync(FolderWithDefaults.Path);
        Caller = new Caller(Instance);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        Caller?.Dispose();
        await EndAsync(Instance, Folder);
        await EndAsync(WithDefaults, FolderWithDefaults);
    }

    private static async Task EndAsync(RunningService? service, DataFolder folder)
    {
        if (service is not null)
        {
            await service.DisposeAsync();
        }

        folder.Dispose();
    }
}
