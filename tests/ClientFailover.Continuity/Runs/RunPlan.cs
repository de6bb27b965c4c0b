using System.Globalization;
using ClientFailover.Client;
using ClientFailover.Continuity.Adapters;
using ClientFailover.Continuity.Faults;

namespace ClientFailover.Continuity.Runs;

/// <summary>What is to be run.</summary>
/// <param name="Fault">What goes wrong.</param>
/// <param name="Mode">How the adapters wait.</param>
/// <param name="Adapters">What they are; the first one is Primary when the fault comes.</param>
/// <param name="FailoverTimeout">Of the group.</param>
internal sealed record RunPlan(Fault Fault, FailoverMode Mode, IReadOnlyList<AdapterKind> Adapters, TimeSpan FailoverTimeout)
{
    /// <summary>The adapters are broken on purpose.</summary>
    public bool IsSabotaged { get; init; }

    /// <summary>The Secondaries wait warm, whatever the mode says, on purpose.</summary>
    public bool IsAsleep { get; init; }

    /// <summary>Counts the runs of the same plan.</summary>
    public int Number { get; init; } = 1;

    /// <summary>How long a component takes to start.</summary>
    public TimeSpan StartTime { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The time in which a buffer becomes whole, a hold ends and a cold adapter is taken for well.</summary>
    public TimeSpan SettleTime => (FailoverTimeout * (Mode == FailoverMode.Cold ? 2.2 : 1.2)) + TimeSpan.FromSeconds(1.5);

    /// <summary>Least time between two messages to the destination.</summary>
    public TimeSpan EgressInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The adapters in a word: "stream-rest".</summary>
    public string Transport => string.Join('-', Adapters).ToLowerInvariant();

    /// <summary>Names the run.</summary>
    public string Id => string.Create(
        CultureInfo.InvariantCulture, $"{Fault.Name}.{Mode}.{Transport}.{FailoverTimeout.TotalSeconds}s{(IsSabotaged ? ".sabotaged" : "")}{(IsAsleep ? ".asleep" : "")}{(Number > 1 ? $".{Number}" : "")}").ToLowerInvariant();
}
