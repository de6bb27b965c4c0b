using System.Net;

namespace ClientFailover.Service.Identity;

/// <summary>
/// Responsible for slowing down whoever guesses passwords: ten failures of one name from one address, then one
/// every forty seconds, which is the hundred an hour that OWASP ASVS V2.2.1 allows; a hundred a minute of any names from
/// one address. Never of a name from everywhere: anybody could lock an adapter out like that. An attempt takes its token before it is verified, so that many at once do not slip through;
/// a success gives it back. Only verifications are limited, never the use of a credential that is remembered.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class FailedLogonLimiter(TimeProvider time)
{
    /// <summary>How many buckets of each kind are kept; beyond, the one longest unused goes.</summary>
    public const int Capacity = 10_000;

    /// <summary>Failures of one name from one address.</summary>
    public const int PerNameAndAddress = 10;

    /// <summary>Failures of any names from one address.</summary>
    public const int PerAddress = 100;

    // In an hour ninety more: ten at once and one every forty seconds.
    private static readonly TimeSpan PairWindow = TimeSpan.FromSeconds(400);
    private static readonly TimeSpan AddressWindow = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly TokenBuckets<(string Name, IPAddress Address)> _pairs = new(time, PerNameAndAddress, PairWindow, Capacity);
    private readonly TokenBuckets<IPAddress> _addresses = new(time, PerAddress, AddressWindow, Capacity);

    /// <summary>How many buckets are kept now.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _pairs.Count + _addresses.Count;
            }
        }
    }

    /// <summary>Asks for a verification.</summary>
    /// <param name="name">The name that is claimed; any domain before it does not matter.</param>
    /// <param name="address">Where the caller is; null: unknown.</param>
    /// <param name="wait">How long to wait when it is refused.</param>
    /// <returns>Whether to verify.</returns>
    public bool TryTake(string name, IPAddress? address, out TimeSpan wait)
    {
        var network = CallerNetwork.Of(address);
        var pair = (Normal(name), network);
        lock (_lock)
        {
            if (!_addresses.TryTake(network, out wait))
            {
                return false;
            }

            if (!_pairs.TryTake(pair, out wait))
            {
                _addresses.Return(network);
                return false;
            }

            return true;
        }
    }

    /// <summary>Tells that the verification succeeded, or did not take place.</summary>
    /// <param name="name">The name.</param>
    /// <param name="address">The address.</param>
    public void Return(string name, IPAddress? address)
    {
        var network = CallerNetwork.Of(address);
        lock (_lock)
        {
            _addresses.Return(network);
            _pairs.Return((Normal(name), network));
        }
    }

    private static string Normal(string name) => UserStore.WithoutDomain(name).ToUpperInvariant();
}
