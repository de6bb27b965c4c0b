namespace ClientFailover.Client.Connection;

/// <summary>A way to the service. The seam between what a member of a group does and how it is said on the wire.</summary>
internal interface ITransport
{
    /// <summary>Whether an attempt waits until the service is there, however long that takes.</summary>
    bool WaitsForService => false;

    /// <summary>Joins the group at one endpoint.</summary>
    /// <param name="endpoint">Where.</param>
    /// <param name="request">Who.</param>
    /// <param name="cancellation">Cancelled when it takes too long.</param>
    /// <returns>The link.</returns>
    /// <exception cref="LinkException">It cannot be had.</exception>
    Task<ILink> OpenAsync(Endpoint endpoint, JoinRequest request, CancellationToken cancellation);
}
