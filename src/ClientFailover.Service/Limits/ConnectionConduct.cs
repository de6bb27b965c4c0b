using Microsoft.AspNetCore.Connections.Features;

namespace ClientFailover.Service.Limits;

/// <summary>
/// Responsible for how a connection behaves: one most of whose requests are refused, or are made only to be reset, is cut; one whose heartbeats
/// all fail is slowed down. Its requests run side by side.
/// </summary>
/// <param name="resets">How many requests may be reset.</param>
/// <param name="most">How many requests it may have open: a gateway that opens the streams of all its adapters at once has many refused, and tries again.</param>
/// <param name="meter">Counts.</param>
/// <param name="failuresAtOnce">Heartbeats that fail in a row before the answers to more that fail have to wait; 0: they never do.</param>
internal sealed class ConnectionConduct(Rate? resets, int most, LimitMeter meter, int failuresAtOnce = ConnectionConduct.FailuresAtOnce)
{
    /// <summary>The least patience: requests refused for their rate, less those that were let in, after which a connection is cut.</summary>
    public const int LeastPatience = 100;

    /// <summary>Unless it is set up otherwise, heartbeats that fail in a row before the answers to more have to wait: an adapter registers anew after the first.</summary>
    public const int FailuresAtOnce = 10;

    /// <summary>Answers of one connection that may wait at a time where <see cref="Pauses.IsCrowded"/>.</summary>
    public const int MostWaiting = 256;

    private const int LongestInSteps = 10;

    private static readonly object Key = new();

    private int _waiting;
    private int _refused;
    private int _failedInARow;
    private int _isCut;

    /// <summary>Puts it where requests find it.</summary>
    /// <param name="items">The connection's.</param>
    public void AddTo(IDictionary<object, object?> items) => items[Key] = this;

    /// <summary>Of a request's connection.</summary>
    /// <param name="http">The request.</param>
    /// <returns>It; null: the request came by no connection that is watched.</returns>
    public static ConnectionConduct? Of(HttpContext http) =>
        http.Features.Get<IConnectionItemsFeature>()?.Items.TryGetValue(Key, out var found) == true ? (ConnectionConduct?)found : null;

    /// <summary>
    /// Requests refused for their rate, less those that were let in, after which the connection is cut: who obeys Retry-After never gets there. Not
    /// those in a row: of what an account is allowed, each of its connections gets some.
    /// </summary>
    public int Patience { get; } = Math.Max(LeastPatience, 2 * most);

    /// <summary>How long the answer to the next heartbeat has to wait if it fails, too; zero: not at all.</summary>
    public TimeSpan HeartbeatPause => failuresAtOnce > 0 && Volatile.Read(ref _failedInARow) - failuresAtOnce is >= 0 and var over
        ? (over + 1) * Pauses.Shortest
        : TimeSpan.Zero;

    /// <summary>A request was let in.</summary>
    public void Admitted()
    {
        if (Volatile.Read(ref _refused) > 0)
        {
            // Two at the same time may take it below zero, which is a request more of patience.
            Interlocked.Decrement(ref _refused);
        }
    }

    /// <summary>A request was refused for its rate.</summary>
    /// <param name="http">The request.</param>
    public void Refused(HttpContext http)
    {
        if (Interlocked.Increment(ref _refused) > Patience)
        {
            Cut(http, LimitMeter.Persistence);
        }
    }

    /// <summary>A heartbeat was answered.</summary>
    /// <param name="failed">Whether it was refused, for whatever reason.</param>
    public void Beaten(bool failed)
    {
        if (failed)
        {
            // It stays where the longest pause is: it would pass the end of numbers in the end.
            if (Volatile.Read(ref _failedInARow) < failuresAtOnce + LongestInSteps)
            {
                Interlocked.Increment(ref _failedInARow);
            }
        }
        else if (Volatile.Read(ref _failedInARow) != 0)
        {
            Volatile.Write(ref _failedInARow, 0);
        }
    }

    /// <summary>An answer is to wait.</summary>
    /// <param name="isCrowded">Whether too many wait for any connection to have more than its share waiting.</param>
    /// <returns>Whether it may: then <see cref="Waited"/> is to follow. False: of this connection too many do.</returns>
    public bool TryWait(bool isCrowded)
    {
        if (Interlocked.Increment(ref _waiting) <= MostWaiting || !isCrowded)
        {
            return true;
        }

        Interlocked.Decrement(ref _waiting);
        return false;
    }

    /// <summary>An answer has waited.</summary>
    public void Waited() => Interlocked.Decrement(ref _waiting);

    /// <summary>More heartbeats fail than may wait: the connection does not wait for answers, and would take the places of others.</summary>
    /// <param name="http">The request.</param>
    public void Crowded(HttpContext http) => Cut(http, LimitMeter.Pace);

    /// <summary>
    /// A request ended because its caller reset it. Told of twice it counts once; when the whole connection is gone, it does not count.
    /// </summary>
    /// <param name="http">The request.</param>
    public void WasReset(HttpContext http)
    {
        if (http.Features.Get<CountedReset>() is not null
            || http.Features.Get<IConnectionLifetimeFeature>()?.ConnectionClosed.IsCancellationRequested == true)
        {
            return;
        }

        http.Features.Set(CountedReset.Instance);
        if (resets?.TryTake(out _) == false)
        {
            Cut(http, LimitMeter.Resets);
        }
    }

    private void Cut(HttpContext http, string limit)
    {
        if (Interlocked.Exchange(ref _isCut, 1) == 0)
        {
            meter.Refused(limit);
            ConnectionEntry.Of(http)?.WasCut();
        }

        http.Features.Get<IConnectionLifetimeFeature>()?.Abort();
    }

    private sealed class CountedReset
    {
        public static CountedReset Instance { get; } = new();
    }
}
