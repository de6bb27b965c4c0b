namespace ClientFailover.Client.Connection;

/// <summary>
/// How long an answer is waited for. Where the service has answered before, a call that hangs is an accident, and is given up soon enough for
/// another before the session counts as lost. A first answer may come from a service that has just started, on a machine that starts
/// everything at once: it gets two seconds, or whoever gives up sooner is late for the deadline that a restart gives.
/// </summary>
internal static class CallPatience
{
    private const double ShareOfShort = 3 / 8d;

    private static readonly TimeSpan LeastForFirst = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LeastForNext = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan EnoughForNext = TimeSpan.FromMilliseconds(750);

    /// <summary>For a service that is not known to be there: a share of the timeout, but not less than a start takes.</summary>
    public static TimeSpan ForFirst(TimeSpan failoverTimeout, double share, TimeSpan most) => Between(failoverTimeout * share, LeastForFirst, most);

    /// <summary>For a service that has answered: a quarter of the timeout; of a short timeout more, but never so much that no time is left.</summary>
    public static TimeSpan ForNext(TimeSpan failoverTimeout, TimeSpan most) =>
        Between(failoverTimeout / 4, Between(failoverTimeout * ShareOfShort, LeastForNext, EnoughForNext), most);

    private static TimeSpan Between(TimeSpan time, TimeSpan least, TimeSpan most) => time < least ? least : time > most ? most : time;
}
