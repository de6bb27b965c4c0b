using System.Collections.Concurrent;

namespace ClientFailover.Service.Transport.Adapters;

/// <summary>Responsible for knowing every open adapter stream, and for telling them when the service stops.</summary>
internal sealed class OpenLinks
{
    private readonly ConcurrentDictionary<long, AdapterLink> _links = new();
    private readonly IHostApplicationLifetime _lifetime;
    private int _count;

    /// <summary>Starts knowing.</summary>
    /// <param name="lifetime">Tells when the service stops.</param>
    public OpenLinks(IHostApplicationLifetime lifetime)
    {
        _lifetime = lifetime;
        lifetime.ApplicationStopping.Register(StopAll);
    }

    /// <summary>How many are open.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>All of them, without a copy: some may come or go meanwhile.</summary>
    public IEnumerable<AdapterLink> All => _links.Select(l => l.Value);

    /// <summary>Whether the service is stopping.</summary>
    public bool Stopping => _lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>A stream was opened.</summary>
    /// <param name="link">The stream.</param>
    public void Add(AdapterLink link)
    {
        _links[link.Id] = link;
        Interlocked.Increment(ref _count);
        if (Stopping)
        {
            link.Stop();
        }
    }

    /// <summary>A stream ended.</summary>
    /// <param name="link">The stream.</param>
    public void Remove(AdapterLink link)
    {
        if (_links.TryRemove(link.Id, out _))
        {
            Interlocked.Decrement(ref _count);
        }
    }

    private void StopAll()
    {
        foreach (var link in _links.Values)
        {
            link.Stop();
        }
    }
}
