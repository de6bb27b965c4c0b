using System.Net;

namespace ClientFailover.Service.Identity.Basic;

/// <summary>
/// Responsible for whose password is hashed next. A name that is known from where it comes goes first, and waits rather than being
/// refused: after a restart a whole fleet logs on at once, often from one address, and adapters do not all try again. All others
/// go in the order in which they came, a few of an address. At most so many are hashed at once that heartbeats have room.
/// </summary>
/// <param name="slots">How many are hashed at once.</param>
internal sealed class HashingQueue(int slots)
{
    /// <summary>How many credentials of names that are not known from where they come may wait.</summary>
    public const int Longest = 256;

    /// <summary>
    /// How many of these from one address. A few: a hash takes some tenths of a second, and whoever logs on from elsewhere
    /// waits behind all of them.
    /// </summary>
    public const int LongestPerAddress = 8;

    /// <summary>How many credentials of known names may wait.</summary>
    public const int LongestKnown = 4096;

    /// <summary>
    /// How many of one known name from one address; what is beyond waits with the others. Two: the password before a change
    /// and the one after it. More would let a guesser who sits behind the same address hold up everybody there.
    /// </summary>
    public const int LongestPerKnownName = 2;

    private readonly Lock _lock = new();
    private readonly Queue<HashingTurn> _known = new();
    private readonly Queue<HashingTurn> _others = new();
    private readonly Dictionary<(string Name, IPAddress Network), int> _perName = [];
    private readonly Dictionary<IPAddress, int> _perAddress = [];
    private int _hashing;
    private int _knownCount;
    private int _otherCount;

    /// <summary>Gets in line.</summary>
    /// <param name="name">Whose password it is said to be, in upper case and without domain.</param>
    /// <param name="network">From where: see <see cref="CallerNetwork"/>.</param>
    /// <param name="isKnown">Whether the name is known from there.</param>
    /// <param name="isCrowded">When it is refused: whether for the others from the same address.</param>
    /// <returns>What ends with <see cref="Leave"/>; null: too many wait.</returns>
    public HashingTurn? TryEnter(string name, IPAddress network, bool isKnown, out bool isCrowded)
    {
        lock (_lock)
        {
            isCrowded = false;
            var ofName = isKnown ? _perName.GetValueOrDefault((name, network)) : 0;
            if (isKnown && ofName < LongestPerKnownName && _knownCount < LongestKnown)
            {
                _perName[(name, network)] = ofName + 1;
                _knownCount++;
                return Queue(new HashingTurn(name, network, true));
            }

            var ofAddress = _perAddress.GetValueOrDefault(network);
            isCrowded = ofAddress >= LongestPerAddress;
            if (isCrowded || _otherCount >= Longest)
            {
                return null;
            }

            _perAddress[network] = ofAddress + 1;
            _otherCount++;
            return Queue(new HashingTurn(name, network, false));
        }
    }

    /// <summary>Makes room for the next. For once, after its turn has come.</summary>
    /// <param name="turn">Whose turn it was.</param>
    public void Leave(HashingTurn turn)
    {
        lock (_lock)
        {
            if (turn.IsKnown)
            {
                _knownCount--;
                CountDown(_perName, (turn.Name, turn.Network));
            }
            else
            {
                _otherCount--;
                CountDown(_perAddress, turn.Network);
            }

            if (_known.TryDequeue(out var next) || _others.TryDequeue(out next))
            {
                next.Begin();
            }
            else
            {
                _hashing--;
            }
        }
    }

    private static void CountDown<TKey>(Dictionary<TKey, int> counts, TKey key)
        where TKey : notnull
    {
        if (--counts[key] == 0)
        {
            counts.Remove(key);
        }
    }

    private HashingTurn Queue(HashingTurn turn)
    {
        if (_hashing < slots)
        {
            _hashing++;
            turn.Begin();
        }
        else
        {
            (turn.IsKnown ? _known : _others).Enqueue(turn);
        }

        return turn;
    }
}
