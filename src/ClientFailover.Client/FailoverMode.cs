namespace ClientFailover.Client;

/// <summary>How an adapter waits while it is Secondary.</summary>
public enum FailoverMode
{
    /// <summary>Collects and buffers, does not egress; on promotion egresses what the old Primary had not. The default. A Secondary
    /// that has just started reports a score of 1 at most, until the Primary has egressed what was collected before, for one failover timeout at most.</summary>
    Hot,

    /// <summary>Connected to its sources, does not collect.</summary>
    Warm,

    /// <summary>Its components are not started.</summary>
    Cold,
}
