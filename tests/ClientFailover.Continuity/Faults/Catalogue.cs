using ClientFailover.Continuity.Network;

namespace ClientFailover.Continuity.Faults;

/// <summary>Every fault that the bench knows.</summary>
internal static class Catalogue
{
    /// <summary>They, in the order of the table.</summary>
    public static IReadOnlyList<Fault> All { get; } =
    [
        new NoFault(),
        new KillPrimary(),
        new RestartPrimary(),
        new StopPrimary(),
        new FreezePrimary(isLong: false),
        new FreezePrimary(isLong: true),
        new LoseSource(Cut.Silent, isDip: false),
        new LoseSource(Cut.Refused, isDip: false),
        new LoseSource(Cut.Silent, isDip: true),
        new LoseSource(Cut.Refused, isDip: true),
        new CutService(Cut.Silent),
        new CutService(Cut.Refused),
        new BreakService(),
        new CutDestination(Cut.Silent),
        new CutDestination(Cut.Refused),
        new RestartService(),
        new ServiceDown(),
        new ServiceDownAndKill(),
        new Override(),
        new DeletePrimary(),
        new RestartBoth(isKilled: false),
        new RestartBoth(isKilled: true),
        new DestinationDown(TimeSpan.FromSeconds(60), "destination-down"),
        new DestinationDown(TimeSpan.FromSeconds(8), "destination-blip"),
        new DestinationFrozen(),
        new BufferSurvives(),
    ];

    /// <summary>Finds one.</summary>
    /// <exception cref="ArgumentException">There is none of this name.</exception>
    public static Fault Named(string name) =>
        All.FirstOrDefault(fault => fault.Name == name)
        ?? throw new ArgumentException($"There is no fault '{name}'. There are: {string.Join(", ", All.Select(fault => fault.Name))}.");
}
