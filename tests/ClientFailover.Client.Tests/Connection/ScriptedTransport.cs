using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ClientFailover.Client.Connection;

namespace ClientFailover.Client.Tests.Connection;

/// <summary>A transport that answers as the test wants.</summary>
internal sealed class ScriptedTransport(string name, ConnectionState kind = ConnectionState.Stream) : ITransport
{
    /// <summary>Who asked.</summary>
    public ConcurrentQueue<JoinRequest> Requests { get; } = new();

    /// <summary>How it fails; null: it does not.</summary>
    public LinkFailure? Answer { get; set; }

    /// <summary>It never answers.</summary>
    public bool Silent { get; set; }

    /// <summary>Where it was asked.</summary>
    public List<string> Endpoints { get; } = [];

    public async Task<ILink> OpenAsync(Endpoint endpoint, JoinRequest request, CancellationToken cancellation)
    {
        Requests.Enqueue(request);
        Endpoints.Add(endpoint.ToString());
        if (Silent)
        {
            await Task.Delay(Timeout.Infinite, cancellation);
        }

        return Answer is { } failure ? throw new LinkException(failure, name) : new Link(name, kind);
    }

    /// <summary>A link whose every heartbeat is answered Primary, without a term over REST.</summary>
    internal sealed class Link(string name, ConnectionState kind) : ILink
    {
        private readonly Channel<Told> _told = Channel.CreateUnbounded<Told>();

        public string Name => name;

        public ConnectionState Kind => kind;

        public Told.Welcome Welcome { get; } = kind == ConnectionState.Stream
            ? new(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(20), FailoverRole.Primary, 7, null)
            : new(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(30), null, null, null);

        public async IAsyncEnumerable<Told> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
        {
            await foreach (var told in _told.Reader.ReadAllAsync(cancellation))
            {
                yield return told;
            }
        }

        public Task BeatAsync(Beat beat, CancellationToken cancellation)
        {
            _told.Writer.TryWrite(new Told.Reply(beat.Sequence, FailoverRole.Primary, Welcome.Term, null));
            return Task.CompletedTask;
        }

        public Task AcknowledgeAsync(long term, DateTimeOffset? final, CancellationToken cancellation) => Task.CompletedTask;

        public Task LeaveAsync(bool unregister, CancellationToken cancellation)
        {
            _told.Writer.TryComplete();
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync()
        {
            _told.Writer.TryComplete();
            return ValueTask.CompletedTask;
        }
    }
}
