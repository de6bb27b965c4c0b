using System.Net;
using System.Net.Http.Headers;

namespace ClientFailover.Client.Connection.Credentials;

/// <summary>
/// Responsible for the Authorization header: pre-emptive, and once more with a new one when it was refused, where the body
/// can be sent again. A stream's cannot: whoever opens streams tries again.
/// </summary>
/// <param name="credential">Who calls.</param>
/// <param name="endpoint">Where to.</param>
/// <param name="inner">The connection.</param>
internal sealed class CredentialHandler(ICredential credential, Endpoint endpoint, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = await GetAsync(cancellationToken).ConfigureAwait(false);
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.Unauthorized
            || !credential.Renew(request.Headers.Authorization)
            || request.Content is not (null or ByteArrayContent))
        {
            return response;
        }

        response.Dispose();
        request.Headers.Authorization = await GetAsync(cancellationToken).ConfigureAwait(false);
        return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    // An HttpRequestException is what both transports expect of a call that could not be made.
    private async Task<AuthenticationHeaderValue> GetAsync(CancellationToken cancellation)
    {
        try
        {
            return await credential.GetAsync(endpoint, cancellation).ConfigureAwait(false);
        }
        catch (LinkException e)
        {
            throw new HttpRequestException(e.Message, e);
        }
    }
}
