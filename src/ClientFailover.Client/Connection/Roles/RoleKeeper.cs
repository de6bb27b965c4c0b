using Microsoft.Extensions.Logging;

namespace ClientFailover.Client.Connection.Roles;

/// <summary>
/// Responsible for what this adapter believes of its role: takes what the service tells in order, shows it, and tells the member.
/// </summary>
/// <param name="board">Shows it.</param>
/// <param name="member">The member.</param>
/// <param name="time">The clock.</param>
/// <param name="stepDown">Whether a Primary steps down that cannot reach the service.</param>
/// <param name="logger">The log.</param>
internal sealed partial class RoleKeeper(RoleBoard board, MemberCalls member, TimeProvider time, bool stepDown, ILogger logger)
{
    /// <summary>Why a role was given up that the service did not take: it cannot be reached, and this adapter steps down then.</summary>
    public const string ServiceLost = "ServiceLost";

    /// <summary>Another process has taken this session.</summary>
    public const string SessionReplaced = "SessionReplaced";

    /// <summary>The session was deleted.</summary>
    public const string SessionUnregistered = "SessionUnregistered";

    /// <summary>The adapter leaves the group.</summary>
    public const string Leaving = "Leaving";

    private readonly Lock _gate = new();
    private readonly Lease _lease = new(time);
    private Handover? _handover;

    /// <summary>The group's failover timeout, or the configured one.</summary>
    public required TimeSpan FailoverTimeout { get; set; }

    /// <summary>The last term that was told; 0: joined without being told any; null: never joined.</summary>
    public long? LastKnownTerm { get; private set; }

    /// <summary>Now, for <see cref="Answered"/>.</summary>
    public Lease.Instant Now => _lease.Now;

    /// <summary>What is left of the lease; null: there is none to look after.</summary>
    public TimeSpan? LeaseLeft
    {
        get
        {
            lock (_gate)
            {
                return stepDown && board.Current.Role == FailoverRole.Primary ? _lease.Left(FailoverTimeout) : null;
            }
        }
    }

    /// <summary>The service has answered something that was sent then.</summary>
    public void Answered(Lease.Instant sent)
    {
        lock (_gate)
        {
            _lease.Renew(sent);
        }
    }

    /// <summary>Steps down if the lease is over. Cheap: to be called before anything that only a Primary may do.</summary>
    public void CheckLease()
    {
        lock (_gate)
        {
            if (LeaseLeft is { } left && left <= TimeSpan.Zero)
            {
                LogStepsDown(logger, FailoverTimeout.TotalSeconds);
                Lose(ServiceLost);
            }
        }
    }

    /// <summary>The service answered to joining.</summary>
    public Task TakeAsync(Told.Welcome told)
    {
        lock (_gate)
        {
            FailoverTimeout = told.FailoverTimeout;
            LastKnownTerm = told.Term ?? LastKnownTerm ?? 0;
            return told.Role is { } role ? TakeRole(role, told.Term, null, told.LastDataProcessedTime, false) : Task.CompletedTask;
        }
    }

    /// <summary>The group has another failover timeout.</summary>
    public void Take(Told.Group told)
    {
        lock (_gate)
        {
            FailoverTimeout = told.FailoverTimeout;
        }
    }

    /// <summary>The service answered to a heartbeat.</summary>
    public Task TakeAsync(Told.Reply told)
    {
        lock (_gate)
        {
            if (told.Term is { } term && term < LastKnownTerm)
            {
                // Overtaken by a newer assignment.
                return Task.CompletedTask;
            }

            LastKnownTerm = told.Term ?? LastKnownTerm;
            return TakeRole(told.Role, told.Term, null, told.LastDataProcessedTime, false);
        }
    }

    /// <summary>The service assigned a role.</summary>
    public Task TakeAsync(Told.Assignment told)
    {
        lock (_gate)
        {
            if (told.Term < LastKnownTerm)
            {
                return Task.CompletedTask;
            }

            LastKnownTerm = told.Term;
            _handover = null;
            return TakeRole(told.Role, told.Term, told.Reason, told.LastDataProcessedTime, told.IsExact);
        }
    }

    /// <summary>The service orders to hand the role over. The same order may come again, over a new stream.</summary>
    /// <returns>Where the member stopped; null: not known.</returns>
    public Task<DateTimeOffset?> DrainAsync(Told.Assignment order)
    {
        lock (_gate)
        {
            if (_handover?.Term == order.Term)
            {
                return _handover.Final;
            }

            if (board.Current.Role != FailoverRole.Primary)
            {
                return Task.FromResult<DateTimeOffset?>(null);
            }

            LogDrains(logger, order.Term, order.Reason ?? "no reason told", order.DrainTime!.Value.TotalSeconds);
            _handover = new Handover(
                order.Term, time.GetTimestamp(), order.DrainTime.Value, member.DrainAsync(new DrainOrder(order.Term, order.Reason, order.DrainTime.Value)));
            return _handover.Final;
        }
    }

    /// <summary>The adapter is about to leave: the member finishes what is in flight, whatever the service still answers.</summary>
    /// <param name="timeLeft">How long it may take.</param>
    public Task FinishAsync(TimeSpan timeLeft)
    {
        lock (_gate)
        {
            if (board.Current.Role != FailoverRole.Primary)
            {
                return Task.CompletedTask;
            }

            if (_handover is null)
            {
                var order = new DrainOrder(LastKnownTerm ?? 0, Leaving, timeLeft);
                _handover = new Handover(long.MaxValue, time.GetTimestamp(), timeLeft, member.DrainAsync(order));
            }

            return _handover.Final;
        }
    }

    /// <summary>The role is lost, and the service need not be asked.</summary>
    /// <param name="reason">Why.</param>
    public Task LoseAsync(string? reason)
    {
        lock (_gate)
        {
            return board.Current.Role == FailoverRole.Secondary ? Task.CompletedTask : Lose(reason);
        }
    }

    private Task Lose(string? reason)
    {
        _handover = null;
        var current = board.Current;
        return Show(new RoleState(FailoverRole.Secondary, current.Term, reason, current.LastDataProcessedTime, false, time.GetUtcNow()));
    }

    private Task TakeRole(FailoverRole role, long? term, string? reason, DateTimeOffset? lastDataProcessed, bool isExact)
    {
        if (role == FailoverRole.Primary && stepDown && _lease.Left(FailoverTimeout) <= TimeSpan.Zero)
        {
            // An answer that was under way for so long says nothing about now.
            role = FailoverRole.Secondary;
        }

        var current = board.Current;
        if (role == FailoverRole.Primary && _handover is { } handover && !MayResume(handover, term))
        {
            // The answer to a heartbeat while the role is handed over: still Primary, but nothing is to be egressed any more.
            // The member is not told, because being told Primary means to go on.
            board.Show(current with { LastDataProcessedTime = lastDataProcessed ?? current.LastDataProcessedTime });
            return Task.CompletedTask;
        }

        _handover = null;
        var same = role == current.Role && term == current.Term;
        return Show(new RoleState(
            role,
            term,
            reason ?? (same ? current.Reason : null),
            lastDataProcessed,
            isExact || (same && current.IsExact && current.LastDataProcessedTime == lastDataProcessed),
            same ? current.Since : time.GetUtcNow()));
    }

    // The service knows the order no more when it answers an older term long after the order's time was over: a restart may
    // have made it forget. Data that is collected meanwhile waits in the buffer.
    private bool MayResume(Handover handover, long? term) =>
        term >= handover.Term || time.GetElapsedTime(handover.Started) > handover.TimeLeft + FailoverTimeout;

    private Task Show(RoleState state)
    {
        var before = board.Current;
        board.Show(state);
        if (state.Role != before.Role)
        {
            LogRole(logger, before.Role, state.Role, (object?)state.Term ?? "not told", state.Reason ?? "no reason told");
        }

        return member.AssumeAsync(state, FailoverTimeout);
    }
}
