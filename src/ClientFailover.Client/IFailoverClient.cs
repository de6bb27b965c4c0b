namespace ClientFailover.Client;

/// <summary>An adapter's membership of a failover group.</summary>
public interface IFailoverClient
{
    /// <summary>What is known of the role now. Before the service said anything: Secondary.</summary>
    RoleState Role { get; }

    /// <summary>
    /// Lives while this adapter is Primary: cancelled the moment it is not. Already cancelled when it is not Primary now. For
    /// work that only a Primary may do.
    /// </summary>
    CancellationToken WhilePrimary { get; }

    /// <summary>How the service is reached now.</summary>
    ConnectionState Connection { get; }

    /// <summary>The group's failover timeout: the service's, once it was reached; the configured one before.</summary>
    TimeSpan FailoverTimeout { get; }

    /// <summary>The role now, then every change of role or term. A slow reader misses steps, never the newest state.</summary>
    /// <param name="cancellation">Ends the sequence.</param>
    /// <returns>The states, newest last.</returns>
    IAsyncEnumerable<RoleState> RoleChangesAsync(CancellationToken cancellation = default);

    /// <summary>Sends a heartbeat as soon as the service takes one, because the report has changed for the worse or the better.</summary>
    void ReportSoon();
}
