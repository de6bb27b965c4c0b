namespace ClientFailover.Client.Tests.Testing.Groups;

/// <summary>What goes wrong in a group, or is ordered.</summary>
internal enum GroupFault
{
    CutService,
    CutDestination,
    HandOver,
    Nothing,
}

/// <summary>One step of a run.</summary>
/// <param name="Fault">What.</param>
/// <param name="Node">Which adapter it happens to; to hand over: who shall be Primary.</param>
/// <param name="Length">How many seconds it lasts.</param>
/// <param name="Wait">How many seconds pass before the next step.</param>
internal sealed record GroupStep(GroupFault Fault, int Node, int Length, int Wait);

/// <summary>A run: the group, and what happens to it.</summary>
/// <param name="Mode">The mode of all.</param>
/// <param name="OnServiceLost">What a Primary does that cannot reach the service.</param>
/// <param name="Nodes">How many adapters.</param>
/// <param name="SourceTimestamps">Whether they report timestamps of sources.</param>
/// <param name="Steps">What happens.</param>
internal sealed record GroupSchedule(FailoverMode Mode, OnServiceLost OnServiceLost, int Nodes, bool SourceTimestamps, IReadOnlyList<GroupStep> Steps)
{
    public override string ToString() =>
        $"{Mode}, {OnServiceLost}, {Nodes} adapters, source timestamps {SourceTimestamps}: {string.Join("; ", Steps)}";
}
