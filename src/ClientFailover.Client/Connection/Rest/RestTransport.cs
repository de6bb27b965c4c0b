namespace ClientFailover.Client.Connection.Rest;

/// <summary>
/// Responsible for joining over REST with the calls of adapters in the field and no others, so that every service with the
/// documented API will do.
/// </summary>
/// <param name="http">Makes connections.</param>
/// <param name="time">The clock.</param>
internal sealed class RestTransport(HttpConnections http, TimeProvider time) : ITransport
{
    /// <inheritdoc/>
    public async Task<ILink> OpenAsync(Endpoint endpoint, JoinRequest request, CancellationToken cancellation)
    {
        var api = new RestApi(http.CreateHandler(endpoint, request.KnownTimeout), endpoint, request, time);
        try
        {
            // To register again says that the adapter has restarted, and may cost a Primary its role: only who never
            // joined, or is not known any more, registers.
            var timeout = request.LastKnownTerm is null
                ? await api.RegisterAsync(cancellation).ConfigureAwait(false)
                : await api.FindGroupAsync(cancellation).ConfigureAwait(false) ?? await api.RegisterAsync(cancellation).ConfigureAwait(false);
            return new RestLink(api, timeout);
        }
        catch
        {
            api.Dispose();
            throw;
        }
    }
}
