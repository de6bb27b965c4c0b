namespace ClientFailover.Engine;

/// <summary>The role of a session in its group. The numbers are those of the REST contract.</summary>
public enum Role
{
    /// <summary>Stands by.</summary>
    Secondary = 0,

    /// <summary>Egresses data. At most one session of a group.</summary>
    Primary = 1,

    /// <summary>Chosen to become Primary; a REST adapter confirms with its next heartbeat.</summary>
    PendingPrimary = 2,
}
