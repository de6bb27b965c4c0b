using ClientFailover.Client.Connection;

namespace ClientFailover.Client.Testing;

/// <summary>
/// A failover service in memory, for tests of adapters: give it to a <see cref="FailoverClient"/> (or to the adapter's services), and say
/// what happens in the group. It decides nothing by itself: a session is Secondary until the test assigns another role.
/// </summary>
/// <remarks>
/// With a virtual clock a test never waits for time to pass: the client's timers run when the test advances the clock, and every
/// method here that tells the adapter something completes when its <see cref="IFailoverMember"/> has taken it.
/// </remarks>
public sealed class FakeFailoverService : ITransport
{
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, FakeSession> _sessions = new(StringComparer.OrdinalIgnoreCase);
    private TaskCompletionSource _changed = New();
    private TaskCompletionSource _reachable = NewCompleted();

    /// <summary>Makes one without sessions.</summary>
    /// <param name="time">The clock of the test, the same as the adapter's.</param>
    public FakeFailoverService(TimeProvider time) => _time = time;

    /// <summary>The group's failover timeout; null: whatever an adapter asks for. Told with the next connection.</summary>
    public TimeSpan? FailoverTimeout { get; set; }

    /// <summary>The group's LastDataProcessedTime, told with the next answer or assignment.</summary>
    public DateTimeOffset? LastDataProcessedTime { get; set; }

    /// <summary>The group's term: grows with each assignment of Primary. An order to drain quotes the next one.</summary>
    public long Term { get; internal set; }

    /// <summary>The term that an order to drain has quoted; 0: none.</summary>
    internal long Reserved { get; set; }

    /// <summary>
    /// Whether the service can be reached; true at first. False cuts every connection, and adapters wait; true lets them in at once.
    /// </summary>
    public bool IsReachable
    {
        get => _reachable.Task.IsCompleted;
        set
        {
            if (value)
            {
                _reachable.TrySetResult();
                return;
            }

            lock (_gate)
            {
                if (_reachable.Task.IsCompleted)
                {
                    _reachable = New();
                }
            }

            foreach (var session in Sessions)
            {
                session.Cut();
            }
        }
    }

    /// <summary>The sessions that ever joined, in that order.</summary>
    public IReadOnlyList<FakeSession> Sessions
    {
        get
        {
            lock (_gate)
            {
                return [.. _sessions.Values];
            }
        }
    }

    bool ITransport.WaitsForService => true;

    /// <summary>Waits until an adapter is connected.</summary>
    /// <param name="sessionId">Its session id; null: the first that there is.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The session.</returns>
    public async Task<FakeSession> ConnectedAsync(string? sessionId = null, CancellationToken cancellation = default)
    {
        while (true)
        {
            var changed = Volatile.Read(ref _changed).Task;
            if (Sessions.FirstOrDefault(s => s.IsConnected && (sessionId is null || string.Equals(s.Id, sessionId, StringComparison.OrdinalIgnoreCase))) is { } session)
            {
                return session;
            }

            await changed.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    async Task<ILink> ITransport.OpenAsync(Endpoint endpoint, JoinRequest request, CancellationToken cancellation)
    {
        await _reachable.Task.WaitAsync(cancellation).ConfigureAwait(false);
        FakeSession? session;
        lock (_gate)
        {
            if (!_sessions.TryGetValue(request.SessionId, out session))
            {
                session = _sessions[request.SessionId] = new FakeSession(this, request.SessionId, _time);
            }
        }

        var link = session.Join(FailoverTimeout ?? request.FailoverTimeout);
        Interlocked.Exchange(ref _changed, New()).TrySetResult();
        return link;
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TaskCompletionSource NewCompleted()
    {
        var source = New();
        source.SetResult();
        return source;
    }
}
