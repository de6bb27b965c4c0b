namespace ClientFailover.Service.Tenants;

/// <summary>What a namespace may have that has no limits of its own.</summary>
internal sealed class NamespaceOptions
{
    /// <summary>How many groups. Default 50,000; at least 1.</summary>
    public int MaxGroups { get; set; } = 50_000;

    /// <summary>How many sessions, of all groups. Default 500,000; at least 1.</summary>
    public int MaxSessions { get; set; } = 500_000;

    /// <summary>How many sessions each of its groups. Default 10,000; at least 1.</summary>
    public int MaxSessionsPerGroup { get; set; } = 10_000;

    /// <summary>How many requests a second, heartbeats not counted. Default 20,000; 1 to 1,000,000.</summary>
    public int MaxRequestsPerSecond { get; set; } = 20_000;
}
