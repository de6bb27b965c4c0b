namespace ClientFailover.Client;

/// <summary>How an adapter waits while it is Secondary.</summary>
public enum FailoverMode
{
    /// <summary>Collects and buffers, does not egress; on promotion egresses what the old Primary had not. The default.</summary>
    Hot,

    /// <summary>Connected to its sources, does not collect.</summary>
    Warm,

    /// <summary>Its components are not started.</summary>
    Cold,
}
