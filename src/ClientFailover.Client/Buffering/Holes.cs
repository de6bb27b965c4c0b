using System.Numerics;

namespace ClientFailover.Client.Buffering;

/// <summary>
/// Responsible for which positions of a chunk are removed: a bit for each, which take no memory before the first is set. Not safe for threads.
/// </summary>
internal struct Holes
{
    private const int WordBits = 64;

    /// <summary>The bits; null: none is set.</summary>
    public ulong[]? Bits { get; private set; }

    /// <summary>How many positions are removed.</summary>
    public readonly int Count => Bits?.Sum(BitOperations.PopCount) ?? 0;

    /// <summary>One bit for every position that a chunk can have.</summary>
    /// <returns>None of them set.</returns>
    public static ulong[] NewBits() => new ulong[Chunk.MaxItems / WordBits];

    /// <summary>Whether a position is removed.</summary>
    /// <param name="position">The position.</param>
    /// <returns>True: it is.</returns>
    public readonly bool Has(int position) => Bits is not null && (Bits[position / WordBits] >> (position % WordBits) & 1) != 0;

    /// <summary>Removes a position.</summary>
    /// <param name="position">The position.</param>
    /// <returns>False: it was removed already.</returns>
    public bool Add(int position)
    {
        if (Has(position))
        {
            return false;
        }

        Bits ??= NewBits();
        Bits[position / WordBits] |= 1UL << (position % WordBits);
        return true;
    }

    /// <summary>Removes what is removed there, too.</summary>
    /// <param name="others">The other's bits, which may be used from now on; null: none.</param>
    public void Add(ulong[]? others)
    {
        if (others is null || Bits is null)
        {
            Bits ??= others;
            return;
        }

        for (var i = 0; i < Bits.Length; i++)
        {
            Bits[i] |= others[i];
        }
    }
}
