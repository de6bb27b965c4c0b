namespace ClientFailover.Samples.AdapterPair.Adapters;

/// <summary>The failover half of an adapter: tells the service that it lives, and does what it is told.</summary>
internal interface IAdapter
{
    /// <summary>How long leaving may take: a service that is gone is not waited for.</summary>
    static readonly TimeSpan LeaveTimeout = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Takes part in the group until it is stopped, then leaves for good, so that another takes over at once.
    /// The service being away never ends it.
    /// </summary>
    Task RunAsync(CancellationToken stop);
}
