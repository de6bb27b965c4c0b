using ClientFailover.Client.Connection;

namespace ClientFailover.Client.Tests.Connection;

/// <summary>A transport that answers as the test wants.</summary>
internal sealed class ScriptedTransport(string name) : ITransport
{
    /// <summary>How it fails; null: it does not.</summary>
    public LinkFailure? Answer { get; set; }

    /// <summary>It never answers.</summary>
    public bool Silent { get; set; }

    /// <summary>Where it was asked.</summary>
    public List<string> Endpoints { get; } = [];

    public async Task<ILink> OpenAsync(Endpoint endpoint, JoinRequest request, CancellationToken cancellation)
    {
        Endpoints.Add(endpoint.ToString());
        if (Silent)
        {
            await Task.Delay(Timeout.Infinite, cancellation);
        }

        return Answer is { } failure ? throw new LinkException(failure, name) : new Link(name);
    }

    /// <summary>A link that does nothing.</summary>
    internal sealed class Link(string name) : ILink
    {
        public string Name => name;

        public ConnectionState Kind => ConnectionState.Stream;

        public Told.Welcome Welcome => throw new NotSupportedException();

        public IAsyncEnumerable<Told> ReadAsync(CancellationToken cancellation) => throw new NotSupportedException();

        public Task BeatAsync(Beat beat, CancellationToken cancellation) => throw new NotSupportedException();

        public Task AcknowledgeAsync(long term, DateTimeOffset? final, CancellationToken cancellation) => throw new NotSupportedException();

        public Task LeaveAsync(bool unregister, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
