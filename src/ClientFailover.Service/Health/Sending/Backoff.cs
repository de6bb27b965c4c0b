namespace ClientFailover.Service.Health.Sending;

/// <summary>
/// Responsible for how long to leave an endpoint alone that has failed: doubling from 1 s to 5 min, jittered, so that services which
/// lost it together do not come back together.
/// </summary>
/// <param name="random">Gives a number of 0 up to 1.</param>
internal sealed class Backoff(Func<double> random)
{
    /// <summary>The shortest pause.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>The longest that an endpoint may wish for: one that lies, or whose clock is wrong, is not left alone for good.</summary>
    public static readonly TimeSpan LongestWish = TimeSpan.FromHours(1);

    private TimeSpan _ceiling = Shortest;

    /// <summary>The next pause.</summary>
    /// <param name="wish">What the endpoint asks for; null: nothing.</param>
    /// <returns>That long, or up to a tenth longer; without a wish between half of the doubled last one and that.</returns>
    public TimeSpan Next(TimeSpan? wish)
    {
        _ceiling = Min(_ceiling * 2, Longest);
        return wish is { } asked && asked > Shortest
            ? Min(asked, LongestWish) * (1 + (random() / 10))
            : _ceiling / 2 * (1 + random());
    }

    /// <summary>Begins anew: the endpoint has answered.</summary>
    public void Reset() => _ceiling = Shortest;

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
