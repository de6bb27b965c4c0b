using System.Net;

namespace ClientFailover.Service.Identity;

/// <summary>
/// Responsible for slowing down whoever guesses passwords: ten failures of one name from one address, then one
/// every forty seconds, a hundred an hour; a hundred a minute of any names from one address; and a hundred an hour of one name from
/// all addresses together that its account was never used from, which OWASP ASVS V2.2.1 asks for. Where it was used before only the
/// first two count: else anybody could lock an adapter out. An attempt takes its tokens before it is verified, so that many at once
/// do not slip through; a success gives them back. Only verifications are limited, never the use of a credential that is remembered.
/// A name is refused alike whether or not it is known there: else whoever guesses would learn which accounts there are.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="known">Knows from where accounts were used.</param>
internal sealed class FailedLogonLimiter(TimeProvider time, KnownAddresses known)
{
    /// <summary>How many buckets of each kind are kept; beyond, those longest unused go.</summary>
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

    // Of their own, and never more than there are known addresses: endless other names push none of them out.
    private readonly TokenBuckets<(string Name, IPAddress Address)> _knownPairs = new(time, PerNameAndAddress, PairWindow, KnownAddresses.Capacity);
    private readonly TokenBuckets<IPAddress> _addresses = new(time, PerAddress, AddressWindow, Capacity);
    private readonly TokenBuckets<string> _names = new(time, PerName, NameWindow, Capacity);

    /// <summary>How many buckets are kept now.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _pairs.Count + _knownPairs.Count + _addresses.Count + _names.Count;
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
            if (known.Contains(normal, network))
            {
                var isAllowed = _knownPairs.TryTake((normal, network), out wait);
                wait = isAllowed || _addresses.HasAny(network, out var ofAddress) ? wait : ofAddress;
                return isAllowed;
            }

            // It counts for the name in any case, as it does for one that is known there: else what is answered later would tell.
            var isOfAddress = _addresses.TryTake(network, out wait);
            var isOfName = _pairs.TryTake((normal, network), out var ofName);
            if (isOfAddress && isOfName && _names.TryTake(normal, out wait))
            {
                return true;
            }

            if (isOfAddress)
            {
                _addresses.Return(network);
                wait = isOfName ? wait : ofName;
            }

            return false;
        }
    }

    /// <summary>
    /// Tells that the verification failed. A name that is known there is not refused before it for what others did; it is after it, so
    /// that its answer is that of any other name, and counts for the address as one.
    /// </summary>
    /// <param name="name">The name.</param>
    /// <param name="address">The address.</param>
    /// <param name="wait">When it is to be refused for what others did: how long to wait.</param>
    /// <returns>Whether it may be told that the password is wrong.</returns>
    public bool MayTell(string name, IPAddress? address, out TimeSpan wait)
    {
        var (normal, network) = (Normal(name), CallerNetwork.Of(address));
        lock (_lock)
        {
            wait = TimeSpan.Zero;
            if (!known.Contains(normal, network))
            {
                return true;
            }

            if (!_addresses.TryTake(network, out wait))
            {
                return false;
            }

            if (_names.HasAny(normal, out wait))
            {
                return true;
            }

            _addresses.Return(network);
            return false;
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
    /// <param name="tookAShare">Whether it was admitted by <see cref="TryTake"/>, and gives back what that took.</param>
    public void Succeeded(string name, IPAddress? address, bool tookAShare = true)
    {
        var (normal, network) = (Normal(name), CallerNetwork.Of(address));
        if (tookAShare)
        {
            GiveBack(normal, network);
        }

        known.Add(normal, network);
    }

    private void GiveBack(string name, IPAddress network)
    {
        lock (_lock)
        {
            if (known.Contains(name, network))
            {
                _knownPairs.Return((name, network));
            }
            else
            {
                _pairs.Return((name, network));
                _addresses.Return(network);
                _names.Return(name);
            }
        }
    }
}
