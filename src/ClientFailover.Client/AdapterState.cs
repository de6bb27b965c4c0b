namespace ClientFailover.Client;

/// <summary>What an adapter is doing.</summary>
public enum AdapterState
{
    /// <summary>Not started, or stopped.</summary>
    Stopped,

    /// <summary>Its buffer, its components and its membership are being started.</summary>
    Starting,

    /// <summary>Every component is where mode and role want it.</summary>
    Running,

    /// <summary>At least one component is not where mode and role want it: its source cannot be reached, or it is still starting.</summary>
    Degraded,

    /// <summary>It gives up its role and stops its components.</summary>
    Stopping,
}
