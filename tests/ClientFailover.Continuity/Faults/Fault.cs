using ClientFailover.Continuity.Runs;

namespace ClientFailover.Continuity.Faults;

/// <summary>What a fault must have for itself, because it breaks it.</summary>
internal enum Reach
{
    /// <summary>Only adapters and their ways: service and destination can be shared with other runs.</summary>
    Adapters,

    /// <summary>The service.</summary>
    Service,

    /// <summary>The destination.</summary>
    Destination,
}

/// <summary>Something that goes wrong, and what it may cost by the documented rules.</summary>
/// <param name="name">Its name on the command line.</param>
/// <param name="reach">What it breaks.</param>
internal abstract class Fault(string name, Reach reach = Reach.Adapters)
{
    public string Name => name;

    public Reach Reach => reach;

    /// <summary>Does it, and ends when everything is mended that is going to be.</summary>
    public abstract Task InjectAsync(Scene scene);

    /// <summary>What it may cost.</summary>
    /// <param name="terms">The times of the rules.</param>
    /// <param name="took">How long the fault lasted, in seconds, measured; "down" is shorter on no machine, but longer on a busy one.</param>
    public abstract Bounds Expect(Terms terms, double took);

    /// <summary>No loss, and at most so many duplicates.</summary>
    protected static Bounds Nothing(double duplicates, string because) => new(0, "", duplicates, because);
}
