namespace ClientFailover.Service.Limits;

/// <summary>What one address uses of the service. Its connections are counted under the gate's lock.</summary>
internal sealed class AddressBudget
{
    private const int TogetherAtOnce = 128 * 1024;
    private const int SmallestSlice = 1024;

    /// <summary>New connections; null: not limited.</summary>
    public Rate? Connecting { get; init; }

    /// <summary>Connections over which somebody said who it is, and that did not stay; null: not limited.</summary>
    public Rate? Visits { get; init; }

    /// <summary>Bytes that it sends over connections over which somebody has said who it is; null: not limited.</summary>
    public Rate? Input { get; init; }

    /// <summary>Bytes that it sends over the others; null: not limited.</summary>
    public Rate? StrangersInput { get; init; }

    /// <summary>Those of its connections over which nobody has said who it is, the oldest first.</summary>
    public LinkedList<ConnectionEntry> Strangers { get; } = new();

    /// <summary>Connections that are open.</summary>
    public int Connections { get; set; }

    /// <summary>Whether forgetting it changes nothing.</summary>
    public bool IsForgettable => Connections == 0 && new[] { Connecting, Visits, Input, StrangersInput }.All(r => r?.IsFull != false);

    /// <summary>
    /// The most bytes that one of its connections may have worked off at a time: what all of them have together does not depend on how many they
    /// are, unless they are very many.
    /// </summary>
    public int Slice => Math.Max(SmallestSlice, TogetherAtOnce / Math.Max(1, Connections));
}
