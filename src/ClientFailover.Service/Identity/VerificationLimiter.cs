using System.Net;

namespace ClientFailover.Service.Identity;

/// <summary>
/// Responsible for how many tokens and tickets that turn out not to be good are looked at from one address: verifying a signature
/// costs far more than sending one. An attempt takes its token before it is verified, a success gives it back.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class VerificationLimiter(TimeProvider time)
{
    /// <summary>How many at once, and how many more in a minute.</summary>
    public const int PerAddress = 600;

    private const int Capacity = 10_000;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly TokenBuckets<IPAddress> _addresses = new(time, PerAddress, Window, Capacity);

    /// <summary>Asks for a verification.</summary>
    /// <param name="address">Where the caller is; null: unknown.</param>
    /// <param name="wait">How long to wait when it is refused.</param>
    /// <returns>Whether to verify.</returns>
    public bool TryTake(IPAddress? address, out TimeSpan wait)
    {
        lock (_lock)
        {
            return _addresses.TryTake(CallerNetwork.Of(address), out wait);
        }
    }

    /// <summary>Tells that it succeeded, or did not take place.</summary>
    /// <param name="address">Where the caller is.</param>
    public void Return(IPAddress? address)
    {
        lock (_lock)
        {
            _addresses.Return(CallerNetwork.Of(address));
        }
    }
}
