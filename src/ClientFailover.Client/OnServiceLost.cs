namespace ClientFailover.Client;

/// <summary>What a Primary does that cannot reach the service.</summary>
public enum OnServiceLost
{
    /// <summary>Keeps its role: duplicates rather than gaps. The default, and what adapters in the field do.</summary>
    KeepRole,

    /// <summary>
    /// Becomes Secondary by its own clock, before the service would promote another: gaps rather than two senders. For
    /// destinations that cannot bear duplicates.
    /// </summary>
    StepDown,
}
