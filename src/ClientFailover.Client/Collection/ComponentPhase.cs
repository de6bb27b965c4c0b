namespace ClientFailover.Client.Collection;

/// <summary>How far a component is in its life.</summary>
internal enum ComponentPhase
{
    /// <summary>Not started, or stopped.</summary>
    Stopped,

    /// <summary>Started, not connected.</summary>
    Started,

    /// <summary>Connected, does not collect.</summary>
    Connected,

    /// <summary>Collects.</summary>
    Collecting,
}
