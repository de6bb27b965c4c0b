using System.Net;

namespace ClientFailover.Service.Identity;

/// <summary>
/// Responsible for how many tokens and tickets of a scheme that turn out not to be good are looked at from one address: verifying a
/// signature costs far more than sending one. An attempt takes its token before it is verified, a success gives it back. Whoever is
/// known there has a share of its own: else a stranger behind the same address could keep it out.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="known">Knows who was let in from where.</param>
internal sealed class VerificationLimiter(TimeProvider time, KnownAddresses known)
{
    /// <summary>How many at once, and how many more in a minute.</summary>
    public const int PerAddress = 600;

    /// <summary>How many that say to be of one who is known at the address, once the address has none left; at once, and more in a minute.</summary>
    public const int PerKnownName = 60;

    private const int Capacity = 10_000;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly TokenBuckets<IPAddress> _addresses = new(time, PerAddress, Window, Capacity);
    private readonly TokenBuckets<(string Name, IPAddress Address)> _names = new(time, PerKnownName, Window, Capacity);

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

    /// <summary>Asks for a verification that the address has no share left for.</summary>
    /// <param name="name">Who the caller says it is.</param>
    /// <param name="address">Where the caller is; null: unknown.</param>
    /// <returns>Whether to verify: it was let in from there before, and does not fail too often.</returns>
    public bool TryTakeKnown(string name, IPAddress? address)
    {
        var network = CallerNetwork.Of(address);
        lock (_lock)
        {
            return known.Contains(name, network) && _names.TryTake((name, network), out _);
        }
    }

    /// <summary>Tells that it succeeded, or did not take place.</summary>
    /// <param name="address">Where the caller is.</param>
    /// <param name="name">Whose share was taken; null: that of the address.</param>
    public void Return(IPAddress? address, string? name = null)
    {
        var network = CallerNetwork.Of(address);
        lock (_lock)
        {
            if (name is null)
            {
                _addresses.Return(network);
            }
            else
            {
                _names.Return((name, network));
            }
        }
    }

    /// <summary>Tells that somebody was let in: there it is known.</summary>
    /// <param name="name">Who.</param>
    /// <param name="address">Where the caller is.</param>
    public void LetIn(string name, IPAddress? address) => known.Add(name, CallerNetwork.Of(address));
}
