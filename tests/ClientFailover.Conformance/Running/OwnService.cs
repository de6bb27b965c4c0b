using NUnit.Framework;

namespace ClientFailover.Conformance.Running;

/// <summary>A fixture with a service of its own.</summary>
public abstract class OwnService
{
    private DataFolder _folder = null!;

    /// <summary>The service.</summary>
    private protected RunningService Service { get; private set; } = null!;

    /// <summary>An administrator's connection.</summary>
    private protected Caller Caller { get; private set; } = null!;

    /// <summary>The settings it is started with: "--Name", "value", ...</summary>
    private protected virtual string[] Settings => RunningService.Quick;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _folder = CreateFolder();
        Service = await RunningService.StartAsync(_folder.Path, Settings);
        Caller = new Caller(Service);
    }

    /// <summary>Where it keeps its data.</summary>
    private protected virtual DataFolder CreateFolder() => DataFolder.Create();

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        Caller?.Dispose();
        if (Service is not null)
        {
            await Service.DisposeAsync();
        }

        _folder.Dispose();
    }
}
