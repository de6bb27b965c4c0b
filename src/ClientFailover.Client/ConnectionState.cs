namespace ClientFailover.Client;

/// <summary>How the service is reached.</summary>
public enum ConnectionState
{
    /// <summary>It is not; the adapter keeps its role (or steps down, if it is configured to).</summary>
    Disconnected,

    /// <summary>Over an adapter stream: roles are pushed.</summary>
    Stream,

    /// <summary>Over REST: roles come with the answers to heartbeats.</summary>
    Rest,
}
