using ClientFailover.Client.Connection.Roles;
using ClientFailover.Client.Timing;
using Microsoft.Extensions.Logging;

namespace ClientFailover.Client.Connection.Sessions;

/// <summary>Responsible for the life of a session on one link: has heartbeats sent when due, passes on what the service tells, and leaves.</summary>
internal sealed partial class LinkSession : IDisposable
{
    private static readonly TimeSpan ReadPatience = TimeSpan.FromMilliseconds(200);

    private readonly ILink _link;
    private readonly RoleKeeper _roles;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _ended = new();
    private readonly Heartbeats _beats;
    private readonly Signal _wake;
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _expiring = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isLeaving;
    private bool _unregister;
    private bool _refused;
    private bool _isKnownToWork;

    /// <summary>Prepares it.</summary>
    /// <param name="link">The link, not owned.</param>
    /// <param name="roles">Keeps the role.</param>
    /// <param name="member">The member.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    public LinkSession(ILink link, RoleKeeper roles, MemberCalls member, TimeProvider time, ILogger logger)
    {
        (_link, _roles, _time, _logger) = (link, roles, time, logger);
        _beats = new Heartbeats(link, roles, member, time);
        _wake = new Signal(time);
    }

    /// <summary>Called once, when the service has answered the first heartbeat of it: a link that was opened alone may be a proxy's.</summary>
    public Action Answered { get; init; } = () => { };

    /// <summary>Whether the service has answered a heartbeat of it.</summary>
    public bool WasAnswered => _beats.WasAnswered;

    /// <summary>Done when the service has told that what the link was opened with expires soon; never, if it does not.</summary>
    public Task Expiring => _expiring.Task;

    /// <summary>Lives until the link ends.</summary>
    /// <returns>Done when it has left in order.</returns>
    /// <exception cref="LinkException">The link ended otherwise.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _ended.Token);
        Pass(_link.Welcome, _roles.TakeAsync(_link.Welcome));
        var reading = ReadAsync(stop.Token);
        var beating = BeatAsync(stop.Token);
        var first = await Task.WhenAny(reading, beating).ConfigureAwait(false);
        if (beating.IsFaulted && !reading.IsCompleted)
        {
            // Who writes to a link that has ended sees that it has; who reads is told why.
            await Task.WhenAny(reading, Task.Delay(ReadPatience, _time, stop.Token)).ConfigureAwait(false);
            first = reading.IsFaulted ? reading : first;
        }

        if (reading.IsCompletedSuccessfully && _isLeaving)
        {
            // The service has taken the goodbye and closed the link: whoever said it is about to see that.
            await beating.ConfigureAwait(false);
        }

        // Nobody may hear of this link once it is over: an answer that was read late would give back a role that was given up.
        await _ended.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(reading, beating).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).ConfigureAwait(false);
        if (beating.IsCompletedSuccessfully)
        {
            return;
        }

        cancellation.ThrowIfCancellationRequested();
        await first.ConfigureAwait(false);
        throw new LinkException(LinkFailure.Unreachable, "The service closed the connection.");
    }

    /// <summary>Sends a heartbeat as soon as one is allowed.</summary>
    public void ReportSoon()
    {
        _beats.Soon();
        _wake.Set();
    }

    /// <summary>Leaves: a last heartbeat if one is allowed, then goodbye.</summary>
    /// <param name="unregister">The session is to be deleted.</param>
    /// <returns>Done when the service has taken it; failed when the link ended before, also if that was before the call.</returns>
    public Task LeaveAsync(bool unregister)
    {
        _unregister = unregister;
        _isLeaving = true;
        _wake.Set();
        return _left.Task;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Fail(new LinkException(LinkFailure.Unreachable, "the connection ended"));
        _ended.Dispose();
    }

    private async Task BeatAsync(CancellationToken cancellation)
    {
        // What the welcome told is known to the member before it is asked: it may be the first of its life.
        await Task.Yield();
        while (true)
        {
            var now = _time.GetTimestamp();
            var wait = _beats.Wait();
            if (_isLeaving)
            {
                await LeaveAsync(cancellation).ConfigureAwait(false);
                return;
            }

            if (wait > TimeSpan.Zero)
            {
                await _wake.WaitAsync(wait, now, cancellation).ConfigureAwait(false);
                continue;
            }

            await _beats.SendAsync(cancellation).ConfigureAwait(false);
        }
    }

    private async Task LeaveAsync(CancellationToken cancellation)
    {
        try
        {
            if (_beats.MaySend)
            {
                await _beats.SendAsync(cancellation).ConfigureAwait(false);
            }

            await _link.LeaveAsync(_unregister, cancellation).ConfigureAwait(false);
            _left.TrySetResult();
        }
        catch (Exception e)
        {
            Fail(e);
            throw;
        }
    }

    // Looked at here: of most sessions nobody waits for the leaving.
    private void Fail(Exception cause)
    {
        if (_left.TrySetException(cause))
        {
            _ = _left.Task.Exception;
        }
    }

    private async Task ReadAsync(CancellationToken cancellation)
    {
        await foreach (var told in _link.ReadAsync(cancellation).ConfigureAwait(false))
        {
            Pass(told, Take(told, cancellation));
            if (!_isKnownToWork && WasAnswered)
            {
                _isKnownToWork = true;
                Answered();
            }
        }
    }

    private static void Pass(Told told, Task taken)
    {
        if (told.Taken is { } waiting)
        {
            _ = taken.ContinueWith(_ => waiting.TrySetResult(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private Task Take(Told told, CancellationToken cancellation)
    {
        switch (told)
        {
            case Told.Reply reply:
                _refused = false;
                _beats.Answered(reply.Sequence, reply.Role);
                _wake.Set();
                return _roles.TakeAsync(reply);
            case Told.Assignment { DrainTime: not null } order:
                _ = AcknowledgeDrainAsync(order, cancellation);
                return Task.CompletedTask;
            case Told.Assignment assignment:
                return TakeAsync(assignment, cancellation);
            case Told.Group group:
                _roles.Take(group);
                _beats.Set(group.FailoverTimeout);
                return Task.CompletedTask;
            case Told.TooSoon tooSoon:
                _beats.TooSoon(tooSoon);
                _wake.Set();
                return Task.CompletedTask;
            case Told.Invalid invalid:
                _beats.Invalid(invalid);
                LogRefusal(invalid);
                return Task.CompletedTask;
            case Told.CredentialExpiring:
                _expiring.TrySetResult();
                return Task.CompletedTask;
            case Told.ShuttingDown notice:
                throw new LinkException(LinkFailure.ShuttingDown, "The service is stopping.")
                {
                    RetryAfter = notice.RetryAfter,
                    Successors = notice.Endpoints,
                };
            default:
                return Task.CompletedTask;
        }
    }

    private async Task TakeAsync(Told.Assignment assignment, CancellationToken cancellation)
    {
        var taken = _roles.TakeAsync(assignment);
        if (assignment.Role != FailoverRole.PendingPrimary)
        {
            // A member that throws has been logged; the service is to know that the assignment has arrived.
            await taken.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).ConfigureAwait(false);
        }

        // Pending: at once. The handover waits for the proof that this adapter does not hang.
        await AcknowledgeAsync(assignment.Term, null, cancellation).ConfigureAwait(false);
        await taken.ConfigureAwait(false);
    }

    private async Task AcknowledgeDrainAsync(Told.Assignment order, CancellationToken cancellation)
    {
        var final = await _roles.DrainAsync(order).ConfigureAwait(false);
        order.Taken?.TrySetResult();
        await AcknowledgeAsync(order.Term, final, cancellation).ConfigureAwait(false);
    }

    private async Task AcknowledgeAsync(long term, DateTimeOffset? final, CancellationToken cancellation)
    {
        try
        {
            await _link.AcknowledgeAsync(term, final, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is LinkException or OperationCanceledException)
        {
            // The link has ended: the service repeats an order to drain on the next one, and needs no other acknowledgement.
            LogUnacknowledged(_logger, term, e.Message);
        }
    }
}
