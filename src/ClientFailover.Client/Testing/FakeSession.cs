using System.Threading.Channels;
using ClientFailover.Client.Connection;

namespace ClientFailover.Client.Testing;

#pragma warning disable CA1001 // The link is disposed of by the client that it was given to.
/// <summary>An adapter's session with a <see cref="FakeFailoverService"/>. It outlives connections.</summary>
public sealed class FakeSession
{
    private readonly FakeFailoverService _service;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Channel<(FakeHeartbeat Heartbeat, Task Answered)> _heartbeats = Channel.CreateUnbounded<(FakeHeartbeat, Task)>();
    private readonly Dictionary<long, TaskCompletionSource<DateTimeOffset?>> _drains = [];
    private readonly TaskCompletionSource<bool> _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FakeLink? _link;

    internal FakeSession(FakeFailoverService service, string id, TimeProvider time) => (_service, Id, _time) = (service, id, time);

    /// <summary>Its id.</summary>
    public string Id { get; }

    /// <summary>Its role, as the test assigned it; Secondary at first.</summary>
    public FailoverRole Role { get; private set; }

    /// <summary>Whether the adapter is connected.</summary>
    public bool IsConnected => _link is not null;

    /// <summary>What the adapter reported last; null: it has not yet.</summary>
    public FakeHeartbeat? LastHeartbeat { get; private set; }

    /// <summary>Completes when the adapter leaves on purpose: true when it unregistered, false when it only disconnected.</summary>
    public Task<bool> Left => _left.Task;

    /// <summary>Assigns a role. Primary opens a new term, also when it calls a drain off. An adapter that is not connected learns it with its next connection.</summary>
    /// <param name="role">The role.</param>
    /// <param name="reason">Why, in the words of the group's history, such as "PrimaryTimedOut".</param>
    /// <param name="isExact">Whether the group's LastDataProcessedTime is exactly where the old Primary stopped.</param>
    /// <returns>Done when the adapter's member has taken it.</returns>
    public async Task AssignAsync(FailoverRole role, string? reason = null, bool isExact = false)
    {
        var taken = NewTaken();
        lock (_gate)
        {
            Role = role;
            var term = _service.Term = Math.Max(_service.Term, _service.Reserved) + (role == FailoverRole.Primary ? 1 : 0);
            if (_link is null)
            {
                return;
            }

            _link.Tell(new Told.Assignment(role, term, reason, _service.LastDataProcessedTime, isExact, null) { Taken = taken });
        }

        await taken.Task.ConfigureAwait(false);
    }

    /// <summary>
    /// Orders the adapter, which must be connected and Primary, to hand over: it finishes what is in flight and acknowledges. Assign
    /// Secondary then, or Primary to call the handover off.
    /// </summary>
    /// <param name="timeLeft">How long it may take.</param>
    /// <param name="reason">Why.</param>
    /// <returns>What it acknowledged: where exactly it stopped; null: it does not know.</returns>
    /// <exception cref="InvalidOperationException">It is not connected, or not Primary.</exception>
    public async Task<DateTimeOffset?> OrderDrainAsync(TimeSpan timeLeft, string? reason = "HigherFailoverScore")
    {
        var acknowledged = new TaskCompletionSource<DateTimeOffset?>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_link is null || Role != FailoverRole.Primary)
            {
                throw new InvalidOperationException("Only a connected Primary can be ordered to hand over.");
            }

            var term = _service.Reserved = _service.Term + 1;
            _drains[term] = acknowledged;
            _link.Tell(new Told.Assignment(FailoverRole.Secondary, term, reason, _service.LastDataProcessedTime, false, timeLeft));
        }

        return await acknowledged.Task.ConfigureAwait(false);
    }

    /// <summary>The next heartbeat that the test has not seen yet, in order, once the adapter's member has taken the answer to it.</summary>
    /// <param name="wanted">Which one it waits for: those before are passed over; null: any.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The heartbeat.</returns>
    public async Task<FakeHeartbeat> NextHeartbeatAsync(Func<FakeHeartbeat, bool>? wanted = null, CancellationToken cancellation = default)
    {
        while (true)
        {
            var (heartbeat, answered) = await _heartbeats.Reader.ReadAsync(cancellation).ConfigureAwait(false);
            await answered.WaitAsync(cancellation).ConfigureAwait(false);
            if (wanted?.Invoke(heartbeat) != false)
            {
                return heartbeat;
            }
        }
    }

    internal FakeLink Join(TimeSpan failoverTimeout)
    {
        lock (_gate)
        {
            _link?.End(new LinkException(LinkFailure.Replaced, "Another adapter said hello with the same session id."));
            return _link = new FakeLink(this, new Told.Welcome(failoverTimeout, failoverTimeout / 3, Role, _service.Term, _service.LastDataProcessedTime));
        }
    }

    internal void Cut()
    {
        lock (_gate)
        {
            _link?.End(new LinkException(LinkFailure.Unreachable, "The test cut the connection."));
            _link = null;
        }
    }

    internal void Take(FakeLink link, Beat beat)
    {
        lock (_gate)
        {
            if (_link != link)
            {
                throw new LinkException(LinkFailure.Unreachable, "The connection has ended.");
            }

            var taken = NewTaken();
            link.Tell(new Told.Reply(beat.Sequence, Role, _service.Term, _service.LastDataProcessedTime) { Taken = taken });
            LastHeartbeat = new FakeHeartbeat(beat.Report.FailoverScore, beat.Report.LastDataProcessedTime, _time.GetUtcNow());
            _heartbeats.Writer.TryWrite((LastHeartbeat, taken.Task));
        }
    }

    internal void Acknowledge(long term, DateTimeOffset? final)
    {
        lock (_gate)
        {
            if (_drains.Remove(term, out var drain))
            {
                drain.TrySetResult(final);
            }
        }
    }

    internal void Leave(FakeLink link, bool unregister)
    {
        lock (_gate)
        {
            Close(link);
            Role = unregister ? FailoverRole.Secondary : Role;
        }

        _left.TrySetResult(unregister);
    }

    internal void Close(FakeLink link)
    {
        lock (_gate)
        {
            link.End(null);
            _link = _link == link ? null : _link;
        }
    }

    private static TaskCompletionSource NewTaken() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
