using System.Collections.Concurrent;
using System.Net;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Identity;

namespace ClientFailover.Service.Limits;

/// <summary>Responsible for how many requests each caller may make, in bounded memory. A caller is an account at an address, or an address.</summary>
/// <param name="options">The limit.</param>
/// <param name="time">The clock.</param>
internal sealed class RequestRates(ServiceOptions options, TimeProvider time)
{
    /// <summary>How many callers are told apart; all beyond share one rate.</summary>
    public const int Capacity = 10_000;

    /// <summary>How many items of an answer take as much work as a request.</summary>
    public const int ItemsPerRequest = 100;

    /// <summary>How many items that are only looked at do.</summary>
    public const int LooksPerRequest = 1_000;

    /// <summary>How many bytes of free data do: what a hundred items have without any.</summary>
    public const int BytesPerRequest = 16 * 1024;

    private const int BurstSeconds = 2;

    // What is owed for the lists of one program must not keep the adapters out that share its account and address.
    private static readonly TimeSpan LongestDebt = TimeSpan.FromSeconds(10);

    // No scheme has that name.
    private const string Probe = "probe";

    private readonly ConcurrentDictionary<CallerKey, Rate> _rates = new();
    private readonly Rate _others = new(time, Math.Max(1, options.MaxRequestsPerSecondPerCaller), Math.Max(1.0, options.MaxRequestsPerSecondPerCaller) * BurstSeconds);
    private readonly Lock _sweeping = new();
    private int _count;

    /// <summary>Whether there is a limit at all.</summary>
    public bool IsLimited { get; } = options.MaxRequestsPerSecondPerCaller > 0;

    /// <summary>Takes a request.</summary>
    /// <param name="caller">The account; null: none.</param>
    /// <param name="address">Where it comes from.</param>
    /// <param name="wait">If it is one too many: how long until another is taken.</param>
    /// <returns>Whether it may be handled.</returns>
    public bool TryTake(Caller? caller, IPAddress? address, out TimeSpan wait) =>
        Of(CallerKey.Of(caller, address)).TryTake(out wait);

    /// <summary>Takes a request of a probe: see <see cref="ProbeRequest"/>.</summary>
    /// <param name="address">Where it comes from.</param>
    /// <param name="wait">If it is one too many: how long until another is taken.</param>
    /// <returns>Whether it may be handled.</returns>
    public bool TryTakeProbe(IPAddress? address, out TimeSpan wait) =>
        Of(new CallerKey(Probe, null, null, CallerNetwork.Of(address))).TryTake(out wait);

    /// <summary>
    /// Takes more for a request that was let in, once it is known how much work it is: a list of ten thousand is far more of it than what a
    /// caller may ask for a thousand times a second.
    /// </summary>
    /// <param name="http">The request.</param>
    /// <param name="items">How many items its answer has.</param>
    /// <param name="looks">How many more were looked at.</param>
    /// <param name="bytes">How much memory their free data takes.</param>
    public void Charge(HttpContext http, int items, int looks = 0, long bytes = 0)
    {
        if (IsLimited && (items / ItemsPerRequest) + (looks / LooksPerRequest) + (bytes / BytesPerRequest) is > 0 and var requests)
        {
            Of(CallerKey.Of(http)).Charge(requests, LongestDebt);
        }
    }

    private Rate Of(CallerKey key) => _rates.TryGetValue(key, out var rate) ? rate : Add(key);

    private Rate Add(CallerKey key)
    {
        lock (_sweeping)
        {
            if (_count >= Capacity)
            {
                foreach (var (other, rate) in _rates)
                {
                    if (rate.IsFull && _rates.TryRemove(other, out _))
                    {
                        _count--;
                    }
                }
            }

            if (_count >= Capacity)
            {
                return _others;
            }

            var added = _rates.GetOrAdd(key, static (_, r) => new Rate(r.time, r.PerSecond, (double)r.PerSecond * BurstSeconds), (time, PerSecond: options.MaxRequestsPerSecondPerCaller));
            _count = _rates.Count;
            return added;
        }
    }
}
