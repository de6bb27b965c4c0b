namespace ClientFailover.Service.Tenants;

/// <summary>A tenant.</summary>
/// <param name="Id">Its id, as first written; compared without regard to case.</param>
/// <param name="Name">A name for people; null: none.</param>
/// <param name="Description">A description for people; null: none.</param>
internal sealed record TenantRecord(string Id, string? Name, string? Description);

/// <summary>A namespace.</summary>
/// <param name="TenantId">Its tenant.</param>
/// <param name="Id">Its id, as first written; compared without regard to case.</param>
/// <param name="Name">A name for people; null: none.</param>
/// <param name="Description">A description for people; null: none.</param>
/// <param name="Limits">What it may have.</param>
internal sealed record NamespaceRecord(string TenantId, string Id, string? Name, string? Description, NamespaceLimits Limits);

/// <summary>What a namespace may have; null: what the service is set up for.</summary>
/// <param name="MaximumGroups">How many groups; at least 1.</param>
/// <param name="MaximumSessions">How many sessions, of all its groups; at least 1.</param>
/// <param name="RequestsPerSecond">How many requests a second, heartbeats not counted; 1 to 1,000,000.</param>
internal sealed record NamespaceLimits(long? MaximumGroups, long? MaximumSessions, long? RequestsPerSecond)
{
    /// <summary>What the service is set up for.</summary>
    public static NamespaceLimits AsSetUp { get; } = new(null, null, null);
}
