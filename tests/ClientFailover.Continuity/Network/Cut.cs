namespace ClientFailover.Continuity.Network;

/// <summary>How a connection is cut.</summary>
internal enum Cut
{
    /// <summary>Nothing gets through any more, and nobody is told: a pulled cable, a firewall that drops.</summary>
    Silent,

    /// <summary>Connections are reset and new ones refused: a process that is gone.</summary>
    Refused,
}
