using ClientFailover.Client.Timing;

namespace ClientFailover.Client.Connection;

/// <summary>Responsible for how long to wait before the next attempt.</summary>
/// <param name="random">From 0 to below 1.</param>
internal sealed class Pauses(Func<double> random)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestWhenRefused = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestWhenReplaced = TimeSpan.FromHours(1);

    private readonly Backoff _reconnect = new(First, random);
    private readonly Backoff _replaced = new(TimeSpan.FromMinutes(2), random);
    private bool _broke;

    /// <summary>A heartbeat was answered, and the link did not break at once.</summary>
    public void Worked()
    {
        _reconnect.Reset();
        _broke = false;
    }

    /// <summary>A session was kept for long: nobody else takes it.</summary>
    public void Kept() => _replaced.Reset();

    /// <summary>After every endpoint has failed once more.</summary>
    /// <param name="failure">How the last one failed.</param>
    /// <param name="failoverTimeout">The group's.</param>
    public TimeSpan AfterRound(LinkException failure, TimeSpan failoverTimeout)
    {
        // Who is refused will be refused again until somebody corrects it, and failed logons are counted.
        var cap = failure.Failure is LinkFailure.Unauthenticated or LinkFailure.Denied or LinkFailure.Refused
            ? Least(LongestWhenRefused, Most(Longest, failoverTimeout / 4))
            : Least(Longest, failoverTimeout / 6);
        return Most(_reconnect.Next(cap), Least(failure.RetryAfter ?? TimeSpan.Zero, Least(Longest, failoverTimeout / 6)));
    }

    /// <summary>After a session has lost its link.</summary>
    /// <param name="end">How it was.</param>
    /// <param name="failure">Why it ended.</param>
    /// <param name="failoverTimeout">The group's.</param>
    public TimeSpan AfterLoss(SessionEnd end, LinkException failure, TimeSpan failoverTimeout) => failure.Failure switch
    {
        // Two that take the session from each other would leave the group without a Primary that stays.
        LinkFailure.Replaced => _replaced.Next(LongestWhenReplaced),
        LinkFailure.ShuttingDown => Least(failure.RetryAfter ?? TimeSpan.Zero, Longest) + (First * (1 + (2 * random()))),

        // A lost beat over REST: soon, but not at once, and well before the next one is due.
        _ when end.Kind == ConnectionState.Rest => _reconnect.Next(Least(Longest, failoverTimeout / 8)),
        _ when end.Worked && !_broke => AfterBreak(failoverTimeout),
        _ => _reconnect.Next(Least(Longest, failoverTimeout / 6)),
    };

    // Soon: the service waits a second for a Primary whose stream broke. But a proxy may end all streams together, and again as
    // soon as they work.
    private TimeSpan AfterBreak(TimeSpan failoverTimeout)
    {
        _broke = true;
        return Least(First, failoverTimeout / 6) * random();
    }

    private static TimeSpan Least(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static TimeSpan Most(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
