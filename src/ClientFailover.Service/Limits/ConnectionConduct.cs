using Microsoft.AspNetCore.Connections.Features;

namespace ClientFailover.Service.Limits;

/// <summary>
/// Responsible for how a connection behaves: one whose requests go on being refused, or are made only to be reset, is cut. Its requests run
/// side by side.
/// </summary>
/// <param name="resets">How many requests may be reset.</param>
/// <param name="meter">Counts.</param>
internal sealed class ConnectionConduct(Rate? resets, LimitMeter meter)
{
    /// <summary>Requests refused in a row for their rate, after which a connection is cut: who obeys Retry-After never gets there.</summary>
    public const int Patience = 100;

    private static readonly object Key = new();

    private int _refusedInARow;

    /// <summary>Puts it where requests find it.</summary>
    /// <param name="items">The connection's.</param>
    public void AddTo(IDictionary<object, object?> items) => items[Key] = this;

    /// <summary>Of a request's connection.</summary>
    /// <param name="http">The request.</param>
    /// <returns>It; null: the request came by no connection that is watched.</returns>
    public static ConnectionConduct? Of(HttpContext http) =>
        http.Features.Get<IConnectionItemsFeature>()?.Items.TryGetValue(Key, out var found) == true ? (ConnectionConduct?)found : null;

    /// <summary>A request was let in.</summary>
    public void Admitted()
    {
        if (Volatile.Read(ref _refusedInARow) != 0)
        {
            Volatile.Write(ref _refusedInARow, 0);
        }
    }

    /// <summary>A request was refused for its rate.</summary>
    /// <param name="http">The request.</param>
    public void Refused(HttpContext http)
    {
        if (Interlocked.Increment(ref _refusedInARow) > Patience)
        {
            Cut(http, LimitMeter.Persistence);
        }
    }

    /// <summary>A request ended because its caller reset it.</summary>
    /// <param name="http">The request.</param>
    public void WasReset(HttpContext http)
    {
        if (resets?.TryTake(out _) == false)
        {
            Cut(http, LimitMeter.Resets);
        }
    }

    private void Cut(HttpContext http, string limit)
    {
        meter.Refused(limit);
        http.Features.Get<IConnectionLifetimeFeature>()?.Abort();
    }
}
