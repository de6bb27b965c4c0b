namespace ClientFailover.Client.Hosting;

/// <summary>The membership of a group as its adapter needs it: beside what authors see, its beginning and its end.</summary>
internal interface IMembership
{
    /// <summary>What authors see.</summary>
    IFailoverClient Client { get; }

    /// <summary>Begins to reach for the service; does not wait until it is reached.</summary>
    void Start();

    /// <summary>Hands the role over and leaves the group, so that another takes over at once, and ends.</summary>
    Task StopAsync(CancellationToken cancellation);
}
