using System.Collections.Immutable;

namespace ClientFailover.Service.Liveness;

/// <summary>Responsible for knowing the threads without which the service is not alive, although its process is.</summary>
/// <param name="time">The clock.</param>
internal sealed class Pulses(TimeProvider time)
{
    private ImmutableArray<Pulse> _all = [];

    /// <summary>Those that are stuck now.</summary>
    public IReadOnlyList<Pulse> Stuck => [.. _all.Where(p => p.IsStuck)];

    /// <summary>Adds a thread.</summary>
    /// <param name="name">What it does, for people.</param>
    /// <param name="patience">How long a piece of its work may take before it counts as stuck.</param>
    /// <returns>Its pulse.</returns>
    public Pulse Add(string name, TimeSpan patience)
    {
        var pulse = new Pulse(name, patience, time);
        ImmutableInterlocked.Update(ref _all, all => all.Add(pulse));
        return pulse;
    }
}
