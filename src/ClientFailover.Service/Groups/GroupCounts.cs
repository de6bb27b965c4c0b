using System.Runtime.CompilerServices;
using ClientFailover.Engine;

namespace ClientFailover.Service.Groups;

/// <summary>What of a group is counted.</summary>
internal record struct GroupCounts
{
    /// <summary>How it is.</summary>
    public GroupCondition Condition { get; set; }

    /// <summary>Sessions that are heard from.</summary>
    public int Live { get; set; }

    /// <summary>Whether it has a Primary that is heard from, or presumed to be there.</summary>
    public bool HasPrimary { get; set; }

    /// <summary>The term of its Primary.</summary>
    public long Term { get; set; }

    /// <summary>How often another Primary followed an earlier one, since the service started.</summary>
    public long Promotions { get; set; }

    /// <summary>Sessions by <see cref="Presence"/> (outer) and <see cref="Role"/> (inner).</summary>
    public SessionCounts Sessions;

    /// <summary>Sessions by <see cref="RoleOverride"/>.</summary>
    public OverrideCounts Overrides;
}

/// <summary>A count for each presence and role.</summary>
[InlineArray(9)]
internal struct SessionCounts
{
    private int _first;
}

/// <summary>A count for each order.</summary>
[InlineArray(3)]
internal struct OverrideCounts
{
    private int _first;
}

/// <summary>How a group is, for whoever looks after it. Exactly one holds.</summary>
internal enum GroupCondition
{
    /// <summary>A Primary, and another that could take over at once.</summary>
    Protected,

    /// <summary>A Primary, and nobody who could take over.</summary>
    Unprotected,

    /// <summary>A session is about to become Primary.</summary>
    Handover,

    /// <summary>Sessions are heard from, but none is Primary: orders forbid it, or none has reported a score.</summary>
    NoPrimary,

    /// <summary>It has sessions, and none is heard from.</summary>
    Silent,

    /// <summary>It has no sessions.</summary>
    Empty,
}
