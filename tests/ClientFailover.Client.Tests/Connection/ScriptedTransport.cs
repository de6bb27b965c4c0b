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

    /// <summary>Nobody is answered before this is done, whether he still waits or not.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>What it gave.</summary>
    public ConcurrentQueue<Link> Links { get; } = new();

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

        await Gate;
        if (Answer is { } failure)
        {
            throw new LinkException(failure, name);
        }

        var link = new Link(name, kind);
        Links.Enqueue(link);
        return link;
    }

    /// <summary>A link whose every heartbeat is answered Primary, without a term over REST.</summary>
    internal sealed class Link(string name, ConnectionState kind) : ILink
    {
        private readonly Channel<Told> _told = Channel.CreateUnbounded<Told>();
        private readonly TaskCompletionSource<bool> _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>What was sent.</summary>
        public ConcurrentQueue<Beat> Beats { get; } = new();

        /// <summary>The goodbye: whether it unregistered.</summary>
        public Task<bool> Left => _left.Task;

        /// <summary>Nobody has it any more.</summary>
        public Task Disposed => _disposed.Task;

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
            Beats.Enqueue(beat);
            _told.Writer.TryWrite(new Told.Reply(beat.Sequence, FailoverRole.Primary, Welcome.Term, null));
            return Task.CompletedTask;
        }

        public Task AcknowledgeAsync(long term, DateTimeOffset? final, CancellationToken cancellation) => Task.CompletedTask;

        public Task LeaveAsync(bool unregister, CancellationToken cancellation)
        {
            _told.Writer.TryComplete();
            _left.TrySetResult(unregister);
            return Task.CompletedTask;
        }

        /// <summary>The service tells something.</summary>
        public void Tell(Told told) => _told.Writer.TryWrite(told);

        /// <summary>The connection breaks, or the service ends it.</summary>
        public void Break(LinkFailure failure = LinkFailure.Unreachable) => _told.Writer.TryComplete(new LinkException(failure, "It broke."));

        public ValueTask DisposeAsync()
        {
            _told.Writer.TryComplete();
            _disposed.TrySetResult();
            return ValueTask.CompletedTask;
        }
    }
}
