namespace ClientFailover.Engine;

/// <summary>An administrator's order about the role of a session. The numbers are those of the REST contract.</summary>
public enum RoleOverride
{
    /// <summary>No order: the automatic rule decides.</summary>
    Off = 0,

    /// <summary>To be Primary. At most one session of a group has this order.</summary>
    Primary = 1,

    /// <summary>Never to be Primary.</summary>
    Secondary = 2,
}
