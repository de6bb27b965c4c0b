namespace ClientFailover.Client;

/// <summary>The role of an adapter in its group. The numbers are those of the REST API.</summary>
public enum FailoverRole
{
    /// <summary>Stands by.</summary>
    Secondary = 0,

    /// <summary>Egresses data.</summary>
    Primary = 1,

    /// <summary>Chosen to become Primary; does not egress yet.</summary>
    PendingPrimary = 2,
}
