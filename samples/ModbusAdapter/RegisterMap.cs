namespace ClientFailover.Samples.Modbus;

/// <summary>One value as a slot of a ring keeps it.</summary>
/// <param name="Sequence">Its number, from 1.</param>
/// <param name="Time">When it was so, by the source.</param>
/// <param name="Value">The value.</param>
public readonly record struct Slot(uint Sequence, DateTimeOffset Time, float Value);

/// <summary>The newest numbers of all signals.</summary>
/// <param name="Clock">The source's clock: what is older is in the rings.</param>
/// <param name="Newest">The newest number of each signal; 0: none yet.</param>
public sealed record Header(DateTimeOffset Clock, IReadOnlyList<uint> Newest);

/// <summary>
/// The registers of the sample's device (unit 1, holding registers from 0, big-endian): for each signal a ring of its last 128
/// values, so that a poller sees each value of a fast signal although it comes seldom.
/// <code>
///     0 ..   3   clock of the source, 64 bits: 100 ns since 1970
///     4 ..       newest number of each signal, 32 bits: signal k at 4 + 2k
///   128 ..       rings of 1024 registers: that of signal k at 128 + 1024k
///                the value with number n is in slot n % 128, of 8 registers:
///                0 number, 32 bits   2 time, 64 bits: 100 ns since 1970   6 value, float 32
/// </code>
/// The source writes slots first and the header after them; the number in a slot shows whether it was written over meanwhile.
/// </summary>
public static class RegisterMap
{
    /// <summary>Most signals of a device: the header fits into one request, the rings into 65,536 registers.</summary>
    public const int MostSignals = 59;

    /// <summary>Values that a ring holds: 1.28 s at 100 Hz.</summary>
    public const int Slots = 128;

    /// <summary>Registers of a slot.</summary>
    public const int SlotLength = 8;

    /// <summary>Slots that one request carries.</summary>
    public const int SlotsTogether = 15;

    private const int FirstRing = 128;
    private const int ClockLength = 4;

    /// <summary>Registers of the header.</summary>
    /// <param name="signals">How many signals the device has.</param>
    /// <returns>The length.</returns>
    public static int HeaderLength(int signals) => ClockLength + (2 * signals);

    /// <summary>Where a value is.</summary>
    /// <param name="signal">Index of the signal, from 0.</param>
    /// <param name="sequence">Number of the value.</param>
    /// <returns>Address of its slot.</returns>
    public static ushort SlotAddress(int signal, uint sequence) =>
        (ushort)(FirstRing + (signal * Slots * SlotLength) + (sequence % Slots * SlotLength));

    /// <summary>How many values from this number on one request can carry: a ring ends somewhere.</summary>
    /// <param name="first">The number.</param>
    /// <param name="last">The last number wanted.</param>
    /// <returns>1 to 15.</returns>
    public static int Together(uint first, uint last) =>
        (int)Math.Min(Math.Min(last - first + 1, Slots - (first % Slots)), SlotsTogether);

    /// <summary>Writes the header.</summary>
    /// <param name="header">The header.</param>
    /// <returns>Its registers, from address 0.</returns>
    public static ushort[] Write(Header header)
    {
        var registers = new ushort[HeaderLength(header.Newest.Count)];
        Put(registers, 0, ToNumber(header.Clock));
        for (var i = 0; i < header.Newest.Count; i++)
        {
            Put(registers, ClockLength + (2 * i), header.Newest[i]);
        }

        return registers;
    }

    /// <summary>Reads the header.</summary>
    /// <param name="registers">The registers from address 0.</param>
    /// <returns>The header.</returns>
    public static Header ReadHeader(ReadOnlySpan<ushort> registers)
    {
        var newest = new uint[(registers.Length - ClockLength) / 2];
        for (var i = 0; i < newest.Length; i++)
        {
            newest[i] = (uint)Get(registers, ClockLength + (2 * i), 2);
        }

        return new Header(ToTime((long)Get(registers, 0, 4)), newest);
    }

    /// <summary>Writes a slot.</summary>
    /// <param name="slot">The value.</param>
    /// <param name="registers">Where to, from its first register.</param>
    public static void Write(Slot slot, Span<ushort> registers)
    {
        Put(registers, 0, slot.Sequence);
        Put(registers, 2, ToNumber(slot.Time));
        Put(registers, 6, BitConverter.SingleToUInt32Bits(slot.Value));
    }

    /// <summary>Reads a slot.</summary>
    /// <param name="registers">From its first register.</param>
    /// <returns>The value.</returns>
    public static Slot ReadSlot(ReadOnlySpan<ushort> registers) => new(
        (uint)Get(registers, 0, 2), ToTime((long)Get(registers, 2, 4)), BitConverter.UInt32BitsToSingle((uint)Get(registers, 6, 2)));

    private static long ToNumber(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks;

    // What a device holds that was never written, or written by another program, is no reason to fail here.
    private static DateTimeOffset ToTime(long number) =>
        number < 0 || number > (DateTimeOffset.MaxValue - DateTimeOffset.UnixEpoch).Ticks ? DateTimeOffset.UnixEpoch : DateTimeOffset.UnixEpoch.AddTicks(number);

    private static void Put(Span<ushort> registers, int at, uint number)
    {
        registers[at] = (ushort)(number >> 16);
        registers[at + 1] = (ushort)number;
    }

    private static void Put(Span<ushort> registers, int at, long number)
    {
        Put(registers, at, (uint)(number >> 32));
        Put(registers, at + 2, (uint)number);
    }

    private static ulong Get(ReadOnlySpan<ushort> registers, int at, int count)
    {
        var number = 0UL;
        foreach (var register in registers.Slice(at, count))
        {
            number = (number << 16) | register;
        }

        return number;
    }
}
