using System.Net.Http.Headers;
using Duende.IdentityModel.Client;

namespace ClientFailover.Client.Connection.Credentials;

/// <summary>
/// Responsible for tokens of the OAuth 2 client credentials grant: found by discovery unless configured, used again until
/// shortly before they expire, and asked for anew when the service refuses one.
/// </summary>
/// <param name="options">The configuration.</param>
/// <param name="createHandler">Makes connections, for a service, which the caller of this function owns.</param>
/// <param name="time">The clock.</param>
internal sealed class BearerCredential(FailoverOptions options, Func<Endpoint, HttpMessageHandler> createHandler, TimeProvider time) : ICredential, IDisposable
{
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AssumedLifetime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _asking = new(1);
    private volatile Token? _token;

    /// <inheritdoc/>
    public async ValueTask<AuthenticationHeaderValue> GetAsync(Endpoint endpoint, CancellationToken cancellation)
    {
        if (Usable is { } token)
        {
            return token.Header;
        }

        await _asking.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return (Usable ?? (_token = await AskAsync(endpoint, cancellation).ConfigureAwait(false))).Header;
        }
        finally
        {
            _asking.Release();
        }
    }

    /// <inheritdoc/>
    public bool Renew(AuthenticationHeaderValue? refused)
    {
        if (_token is { } token && (refused is null || ReferenceEquals(token.Header, refused)))
        {
            _token = null;
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _asking.Dispose();

    // By the monotonic clock: the wall clock may be set while a token is in use.
    private Token? Usable => _token is { } token && time.GetElapsedTime(token.Received) < token.Lifetime ? token : null;

    private async Task<Token> AskAsync(Endpoint endpoint, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        using var client = new HttpClient(createHandler(endpoint));
        try
        {
            var address = options.TokenEndpoint?.AbsoluteUri ?? await DiscoverAsync(client, endpoint, either.Token).ConfigureAwait(false);
            var asked = time.GetTimestamp();
            using var request = new ClientCredentialsTokenRequest
            {
                Address = address,
                ClientId = options.ClientId!,
                ClientSecret = options.ClientSecret,

                // In the body, as CONNECT documents it.
                ClientCredentialStyle = ClientCredentialStyle.PostBody,
            };
            var response = await client.RequestClientCredentialsTokenAsync(request, either.Token).ConfigureAwait(false);
            either.Token.ThrowIfCancellationRequested();
            if (response.IsError || response.AccessToken is not { Length: > 0 } token)
            {
                throw Refused(address, response);
            }

            var lifetime = (response.ExpiresIn > 0 ? TimeSpan.FromSeconds(response.ExpiresIn) : AssumedLifetime) - Margin;
            return new Token(new AuthenticationHeaderValue("Bearer", token), asked, lifetime);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new LinkException(LinkFailure.Unreachable, $"The token endpoint did not answer within {Patience.TotalSeconds:0} s.", e);
        }
    }

    // The response's body is not told: it may repeat what was sent.
    private static LinkException Refused(string address, TokenResponse response) =>
        response.ErrorType == ResponseErrorType.Exception
            ? new LinkException(LinkFailure.Unreachable, $"The token endpoint {address} cannot be reached: {response.Exception?.Message}", response.Exception)
            : new LinkException(
                LinkFailure.Unauthenticated,
                $"The token endpoint {address} gave no token ({(int)response.HttpStatusCode} {response.Error}). Check ClientId and ClientSecret.");

    private static async Task<string> DiscoverAsync(HttpClient client, Endpoint endpoint, CancellationToken cancellation)
    {
        var reasons = new List<string>();
        foreach (var authority in new[] { $"{endpoint.Authority.GetLeftPart(UriPartial.Authority)}/identity", endpoint.Authority.GetLeftPart(UriPartial.Authority) })
        {
            using var request = new DiscoveryDocumentRequest
            {
                Address = authority,
                Policy =
                {
                    RequireHttps = endpoint.Authority.Scheme == Uri.UriSchemeHttps,

                    // Tokens are sent, never checked: no keys are needed.
                    RequireKeySet = false,
                },
            };
            var document = await client.GetDiscoveryDocumentAsync(request, cancellation).ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            if (!document.IsError && document.TokenEndpoint is { Length: > 0 } found)
            {
                return found;
            }

            reasons.Add($"{authority}/.well-known/openid-configuration: {document.Error ?? "it names no token endpoint"}");
        }

        throw new LinkException(
            LinkFailure.Unreachable, $"No token endpoint was found by discovery ({string.Join("; ", reasons)}). Set TokenEndpoint.");
    }

    private sealed record Token(AuthenticationHeaderValue Header, long Received, TimeSpan Lifetime)
    {
        // A record's own text would tell the token.
        public override string ToString() => "token";
    }
}
