namespace ClientFailover.Client.Hosting;

/// <summary>The membership of a group as its adapter needs it: beside what authors see, its beginning and its end.</summary>
internal interface IMembership : IFailoverClient
{
    /// <summary>Begins to reach for the service; does not wait until it is reached.</summary>
    Task StartAsync(CancellationToken cancellation);

    /// <summary>Leaves the group, so that another takes over at once, and ends.</summary>
    Task StopAsync(CancellationToken cancellation);
}
