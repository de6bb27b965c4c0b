using ClientFailover.Client.Connection.Roles;
using Microsoft.Extensions.Logging;

namespace ClientFailover.Client.Connection.Sessions;

/// <summary>Responsible for the life of a session on one link: sends heartbeats when due, and passes on what the service tells.</summary>
internal sealed partial class LinkSession : IDisposable
{
    private static readonly TimeSpan LeastPatience = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan ReadPatience = TimeSpan.FromMilliseconds(200);

    private readonly ILink _link;
    private readonly RoleKeeper _roles;
    private readonly MemberCalls _member;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _ended = new();
    private readonly TaskCompletionSource _expiring = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private readonly Queue<(long Sequence, Lease.Instant Sent)> _unanswered = new();
    private readonly BeatSchedule _schedule;
    private readonly Wake _wake;
    private readonly long _started;
    private TaskCompletionSource? _leaving;
    private bool _unregister;
    private long _sequence;
    private bool _refused;

    /// <summary>Prepares it.</summary>
    /// <param name="link">The link, not owned.</param>
    /// <param name="roles">Keeps the role.</param>
    /// <param name="member">The member.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    public LinkSession(ILink link, RoleKeeper roles, MemberCalls member, TimeProvider time, ILogger logger)
    {
        (_link, _roles, _member, _time, _logger) = (link, roles, member, time, logger);
        _schedule = new BeatSchedule(link.Kind);
        _schedule.Set(link.Welcome.FailoverTimeout, link.Welcome.HeartbeatInterval);
        _wake = new Wake(time);
        _started = time.GetTimestamp();
    }

    /// <summary>Whether the service has answered a heartbeat of it.</summary>
    public bool WasAnswered { get; private set; }

    /// <summary>Done when the service has told that what the link was opened with expires soon; never, if it does not.</summary>
    public Task Expiring => _expiring.Task;

    private TimeSpan Now => _time.GetElapsedTime(_started);

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

        if (reading.IsCompletedSuccessfully && _leaving is not null)
        {
            // The service has taken the goodbye and closed the link: whoever said it is about to see that.
            await beating.ConfigureAwait(false);
        }

        if (beating.IsCompletedSuccessfully)
        {
            return;
        }

        await _ended.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(reading, beating).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        await first.ConfigureAwait(false);
        throw new LinkException(LinkFailure.Unreachable, "The service closed the connection.");
    }

    /// <summary>Sends a heartbeat as soon as one is allowed.</summary>
    public void ReportSoon()
    {
        lock (_gate)
        {
            _schedule.Soon();
        }

        _wake.Call();
    }

    /// <summary>Leaves: a last heartbeat if one is allowed, then goodbye.</summary>
    /// <param name="unregister">The session is to be deleted.</param>
    /// <returns>Done when the service has taken it.</returns>
    public Task LeaveAsync(bool unregister)
    {
        _unregister = unregister;
        var leaving = Interlocked.CompareExchange(ref _leaving, new(TaskCreationOptions.RunContinuationsAsynchronously), null) ?? _leaving;
        _wake.Call();
        return leaving.Task;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _leaving?.TrySetCanceled();
        _ended.Dispose();
    }

    // Not the shortest that would do: a service that is only slow is not to be left.
    private TimeSpan Patience => _roles.FailoverTimeout / 2 is var half && half > LeastPatience ? half : LeastPatience;

    private async Task BeatAsync(CancellationToken cancellation)
    {
        // What the welcome told is known to the member before it is asked: it may be the first of its life.
        await Task.Yield();
        while (true)
        {
            TimeSpan wait;
            var now = _time.GetTimestamp();
            lock (_gate)
            {
                wait = _schedule.Due - Now;
                if (_link.Kind == ConnectionState.Stream && _unanswered.TryPeek(out var oldest))
                {
                    var left = Patience - _time.GetElapsedTime(oldest.Sent.Monotonic);
                    if (left <= TimeSpan.Zero)
                    {
                        throw new LinkException(LinkFailure.Unreachable, $"The service has not answered for {Patience.TotalSeconds:0.0} s.");
                    }

                    wait = left < wait ? left : wait;
                }
            }

            if (_leaving is not null)
            {
                await LeaveAsync(cancellation).ConfigureAwait(false);
                return;
            }

            if (wait > TimeSpan.Zero)
            {
                await _wake.WaitAsync(wait, now, cancellation).ConfigureAwait(false);
                continue;
            }

            await BeatOnceAsync(cancellation).ConfigureAwait(false);
        }
    }

    private async Task BeatOnceAsync(CancellationToken cancellation)
    {
        var report = await _member.ReportAsync().ConfigureAwait(false);
        Beat beat;
        lock (_gate)
        {
            beat = new Beat(++_sequence, report, _time.GetUtcNow());
            _unanswered.Enqueue((beat.Sequence, _roles.Now));
            _schedule.Sent(Now);
        }

        if (_link.Kind == ConnectionState.Rest)
        {
            await _link.BeatAsync(beat, cancellation).ConfigureAwait(false);
            return;
        }

        // A service that does not read would hold the write up for ever.
        using var patience = new CancellationTokenSource(Patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            await _link.BeatAsync(beat, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new LinkException(LinkFailure.Unreachable, "The service does not read what is sent to it.", e);
        }
    }

    private async Task LeaveAsync(CancellationToken cancellation)
    {
        try
        {
            bool may;
            lock (_gate)
            {
                may = _schedule.MayBeat(Now);
            }

            if (may)
            {
                await BeatOnceAsync(cancellation).ConfigureAwait(false);
            }

            await _link.LeaveAsync(_unregister, cancellation).ConfigureAwait(false);
            _leaving!.TrySetResult();
        }
        catch (Exception e)
        {
            _leaving!.TrySetException(e);
            _ = _leaving.Task.Exception;
            throw;
        }
    }

    private async Task ReadAsync(CancellationToken cancellation)
    {
        await foreach (var told in _link.ReadAsync(cancellation).ConfigureAwait(false))
        {
            Pass(told, Take(told, cancellation));
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
                Answered(reply.Sequence, reply.Role);
                return _roles.TakeAsync(reply);
            case Told.Assignment { DrainTime: not null } order:
                _ = AcknowledgeDrainAsync(order, cancellation);
                return Task.CompletedTask;
            case Told.Assignment assignment:
                return TakeAsync(assignment, cancellation);
            case Told.Group group:
                _roles.Take(group);
                lock (_gate)
                {
                    _schedule.Set(group.FailoverTimeout, group.FailoverTimeout / 2);
                }

                return Task.CompletedTask;
            case Told.TooSoon tooSoon:
                TooSoon(tooSoon);
                return Task.CompletedTask;
            case Told.Invalid invalid:
                if (!_refused)
                {
                    _refused = true;
                    LogInvalid(_logger, invalid.Message.ReplaceLineEndings(" "));
                }

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

    private void Answered(long sequence, FailoverRole? role)
    {
        lock (_gate)
        {
            // The service keeps the newest answer only when this end is slow: it answers all that was sent before.
            while (_unanswered.TryPeek(out var oldest) && oldest.Sequence <= sequence)
            {
                _unanswered.Dequeue();
                _roles.Answered(oldest.Sent);
                WasAnswered = true;
            }

            if (role is { } told)
            {
                _refused = false;
                _schedule.Answered(Now, told);
            }
        }

        _wake.Call();
    }

    // It was a sign of life.
    private void TooSoon(Told.TooSoon told)
    {
        Answered(told.Sequence ?? 0, null);
        lock (_gate)
        {
            _schedule.TooSoon(Now, told.RetryAfter);
        }

        _wake.Call();
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

    [LoggerMessage(7030, LogLevel.Error, "The failover service refused a heartbeat: {Message}")]
    private static partial void LogInvalid(ILogger logger, string message);

    [LoggerMessage(7031, LogLevel.Debug, "Term {Term} was not acknowledged: {Cause}")]
    private static partial void LogUnacknowledged(ILogger logger, long term, string cause);
}
