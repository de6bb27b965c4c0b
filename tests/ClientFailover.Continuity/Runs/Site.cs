using ClientFailover.Continuity.Plant;
using ClientFailover.Continuity.Processes;

namespace ClientFailover.Continuity.Runs;

/// <summary>What runs share: the sources, a service and a destination that no fault touches.</summary>
internal sealed class Site : IAsyncDisposable
{
    private Site(SourceServer source, ServiceHost service, DestinationHost destination)
    {
        Source = source;
        Service = service;
        Destination = destination;
    }

    public SourceServer Source { get; }

    public ServiceHost Service { get; }

    public DestinationHost Destination { get; }

    /// <summary>Starts everything.</summary>
    public static async Task<Site> CreateAsync()
    {
        var destination = await DestinationHost.CreateAsync();
        return new Site(new SourceServer(), await ServiceHost.CreateAsync(), destination);
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await Destination.DisposeAsync();
        await Source.DisposeAsync();
    }
}
