using System.Net;

namespace ClientFailover.Service.Identity;

/// <summary>
/// Responsible for slowing down whoever guesses passwords: ten failures of one name from one address, then one
/// every forty seconds, a hundred an hour; a hundred a minute of any names from one address; and a hundred an hour of one name from
/// all addresses together that its account was never used from, which OWASP ASVS V2.2.1 asks for. Where it was used before only the
/// first two count: else anybody could lock an adapter out. An attempt takes its tokens before it is verified, so that many at once
/// do not slip through; a success gives them back. Only verifications are limited, never the use of a credential that is remembered.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="known">Knows from where accounts were used.</param>
internal sealed class FailedLogonLimiter(TimeProvider time, KnownAddresses known)
{
    /// <summary>How many buckets of each kind are kept; beyond, the one longest unused goes.</summary>
    public const int Capacity = 10_000;

    /// <summary>Failures of one name from one address.</summary>
    public const int PerNameAndAddress = 10;

    /// <summary>Failures from one address of any names that are not known from there.</summary>
    public const int PerAddress = 100;

    /// <summary>Failures of one name from all addresses that it is not known from.</summary>
    public const int PerName = 50;

    // In an hour ninety more: ten at once and one every forty seconds.
    private static readonly TimeSpan PairWindow = TimeSpan.FromSeconds(400);
    private static readonly TimeSpan AddressWindow = TimeSpan.FromMinutes(1);

    // In an hour fifty more.
    private static readonly TimeSpan NameWindow = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly TokenBuckets<(string Name, IPAddress Address)> _pairs = new(time, PerNameAndAddress, PairWindow, Capacity);
    private readonly TokenBuckets<IPAddress> _addresses = new(time, PerAddress, AddressWindow, Capacity);
    private readonly TokenBuckets<string> _names = new(time, PerName, NameWindow, Capacity);

    /// <summary>How many buckets are kept now.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _pairs.Count + _addresses.Count + _names.Count;
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
        var (normal, network) = (Normal(name), CallerNetwork.Of(address));
        lock (_lock)
        {
            var isKnown = known.Contains(normal, network);
            if (!isKnown && !_addresses.TryTake(network, out wait))
            {
                return false;
            }

            if (!_pairs.TryTake((normal, network), out wait))
            {
                if (!isKnown)
                {
                    _addresses.Return(network);
                }

                return false;
            }

            if (!isKnown && !_names.TryTake(normal, out wait))
            {
                _addresses.Return(network);
                _pairs.Return((normal, network));
                return false;
            }

            return true;
        }
    }

    /// <summary>The form of a name in which it is compared.</summary>
    /// <param name="name">A name, as it was given.</param>
    /// <returns>In upper case and without domain.</returns>
    public static string Normal(string name) => UserStore.WithoutDomain(name).ToUpperInvariant();

    /// <summary>Whether an account was used from somewhere before.</summary>
    /// <param name="name">The name that is claimed.</param>
    /// <param name="address">Where the caller is.</param>
    /// <returns>Whether it was.</returns>
    public bool IsKnown(string name, IPAddress? address) => known.Contains(Normal(name), CallerNetwork.Of(address));

    /// <summary>Tells that the verification did not take place.</summary>
    /// <param name="name">The name.</param>
    /// <param name="address">The address.</param>
    public void Return(string name, IPAddress? address) => GiveBack(Normal(name), CallerNetwork.Of(address));

    /// <summary>Tells that the verification succeeded: from there the account is known.</summary>
    /// <param name="name">The name.</param>
    /// <param name="address">The address.</param>
    public void Succeeded(string name, IPAddress? address)
    {
        var (normal, network) = (Normal(name), CallerNetwork.Of(address));
        GiveBack(normal, network);
        known.Add(normal, network);
    }

    private void GiveBack(string name, IPAddress network)
    {
        lock (_lock)
        {
            _pairs.Return((name, network));
            if (!known.Contains(name, network))
            {
                _addresses.Return(network);
                _names.Return(name);
            }
        }
    }
}
