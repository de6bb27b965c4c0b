namespace ClientFailover.Client.Connection.Roles;

/// <summary>
/// Responsible for how long a Primary that steps down may count on its role: three quarters of the failover timeout from the
/// sending of the last heartbeat that was answered. Measured by the monotonic and by the wall clock, whichever ran further:
/// the monotonic one may stand still while the machine is suspended.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class Lease(TimeProvider time)
{
    private const double Share = 0.75;

    private Instant? _from;

    /// <summary>Now, by both clocks.</summary>
    public Instant Now => new(time.GetTimestamp(), time.GetUtcNow());

    /// <summary>A heartbeat was answered.</summary>
    /// <param name="sent">When it was sent.</param>
    public void Renew(Instant sent)
    {
        if (_from is not { } from || sent.Monotonic > from.Monotonic)
        {
            _from = sent;
        }
    }

    /// <summary>What is left of it; zero or less: nothing.</summary>
    /// <param name="failoverTimeout">The group's.</param>
    public TimeSpan Left(TimeSpan failoverTimeout)
    {
        if (_from is not { } from)
        {
            return TimeSpan.Zero;
        }

        var now = Now;
        var monotonic = time.GetElapsedTime(from.Monotonic, now.Monotonic);
        var wall = now.Wall - from.Wall;
        return (failoverTimeout * Share) - (monotonic > wall ? monotonic : wall);
    }

    /// <summary>An instant by both clocks.</summary>
    /// <param name="Monotonic">Timestamp of the time provider.</param>
    /// <param name="Wall">UTC.</param>
    internal readonly record struct Instant(long Monotonic, DateTimeOffset Wall);
}
