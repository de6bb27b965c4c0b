using System.Collections.Immutable;
using ClientFailover.Service.Configuration;
using ClientFailover.Service.Health.Sending;

namespace ClientFailover.Service.Health;

/// <summary>
/// Responsible for each endpoint of the configuration having a sender, and one whose configuration has changed a new one, which
/// tells it the structure again. For one thread; <see cref="Current"/> may be read by any.
/// </summary>
/// <param name="create">Makes a sender.</param>
internal sealed class EndpointSenders(Func<HealthEndpoint, EndpointSender> create) : IDisposable
{
    private readonly List<EndpointSender> _retired = [];
    private volatile EndpointSender[] _current = [];

    /// <summary>The senders of the configuration in force.</summary>
    public IReadOnlyList<EndpointSender> Current => _current;

    /// <summary>Completes when none of them sends any more, those that had an endpoint before among them.</summary>
    public Task Completion => Task.WhenAll(_current.Concat(_retired).Select(s => s.Completion));

    /// <summary>Takes a configuration.</summary>
    /// <param name="endpoints">Its endpoints.</param>
    /// <returns>Senders that were made for it.</returns>
    public IReadOnlyList<EndpointSender> Apply(ImmutableArray<HealthEndpoint> endpoints)
    {
        DisposeOf(_retired.Where(s => s.Completion.IsCompleted).ToList());
        var before = _current;
        var (after, made) = (new List<EndpointSender>(), new List<EndpointSender>());
        foreach (var endpoint in endpoints)
        {
            var old = Array.Find(before, s => s.Endpoint.Is(endpoint.Id));
            if (old?.Endpoint == endpoint)
            {
                after.Add(old);
                continue;
            }

            var sender = create(endpoint);
            after.Add(sender);
            made.Add(sender);

            // What waits for an address is of no interest at another one.
            var predecessor = old?.Endpoint.Endpoint == endpoint.Endpoint ? old : null;
            predecessor?.Retire(sender);
            sender.Start(predecessor);
        }

        _current = [.. after];
        foreach (var gone in before.Except(after))
        {
            if (!endpoints.Any(e => gone.Endpoint.Is(e.Id) && gone.Endpoint.Endpoint == e.Endpoint))
            {
                gone.Retire(null);
            }

            _retired.Add(gone);
        }

        return made;
    }

    /// <inheritdoc/>
    public void Dispose() => DisposeOf([.. _current.Concat(_retired).Where(s => s.Completion.IsCompleted)]);

    private void DisposeOf(List<EndpointSender> senders)
    {
        foreach (var sender in senders)
        {
            sender.Dispose();
            _retired.Remove(sender);
        }
    }
}
