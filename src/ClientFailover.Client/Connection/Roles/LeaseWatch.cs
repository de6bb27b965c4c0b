namespace ClientFailover.Client.Connection.Roles;

/// <summary>
/// Responsible for stepping down in time, while nobody asks for the role: looks at the lease's end by the monotonic clock, and often
/// enough to see what the wall clock says after a suspension.
/// </summary>
internal sealed class LeaseWatch : IAsyncDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(1);

    private readonly RoleKeeper _roles;
    private readonly ITimer _timer;

    /// <summary>Begins to look.</summary>
    /// <param name="roles">Keeps the role.</param>
    /// <param name="time">The clock.</param>
    public LeaseWatch(RoleKeeper roles, TimeProvider time)
    {
        _roles = roles;
        _timer = time.CreateTimer(static w => ((LeaseWatch)w!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        // Not before it can be set anew.
        _timer.Change(Longest, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Look()
    {
        _roles.CheckLease();
        var next = _roles.LeaseLeft is { } left && left < Longest ? left : Longest;
        _timer.Change(next > Least ? next : Least, Timeout.InfiniteTimeSpan);
    }
}
