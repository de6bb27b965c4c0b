using System.Net.Http.Headers;
using System.Text.Json;
using ClientFailover.Service.Configuration;
using ClientFailover.Service.Health.Sending;
using Duende.IdentityModel.Client;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace ClientFailover.Service.Health.Access;

/// <summary>
/// Responsible for tokens of the OAuth 2 client credentials grant, as CONNECT and Data Hub want them: found by discovery at the
/// endpoint's host unless configured, used until shortly before they expire, and asked for anew when the endpoint refuses one.
/// </summary>
/// <param name="endpoint">The endpoint.</param>
/// <param name="client">Who we are.</param>
/// <param name="secret">The proof.</param>
/// <param name="protection">Decrypts it.</param>
/// <param name="time">The clock.</param>
internal sealed class TokenAccess(HealthEndpoint endpoint, string client, ProtectedSecret secret, SecretProtection protection, TimeProvider time)
    : IEndpointAccess
{
    /// <summary>How long before it expires a token is not used any more.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    private Uri? _discovered;
    private Token? _token;

    /// <inheritdoc/>
    public async Task<RequestAccess> AuthorizeAsync(HttpClient http, CancellationToken cancellation)
    {
        // By the monotonic clock: the wall clock may be set while a token is in use.
        if (_token is not { } token || time.GetElapsedTime(token.Asked) >= token.Lifetime)
        {
            _token = token = await AskAsync(http, cancellation).ConfigureAwait(false);
        }

        return new RequestAccess(new AuthenticationHeaderValue("Bearer", token.Value), [token.Value]);
    }

    /// <inheritdoc/>
    public bool Renew()
    {
        _token = null;
        return true;
    }

    private async Task<Token> AskAsync(HttpClient http, CancellationToken cancellation)
    {
        var address = endpoint.TokenEndpoint is { } configured ? new Uri(configured) : _discovered ??= await DiscoverAsync(http, cancellation).ConfigureAwait(false);
        var plain = protection.Reveal(secret);
        var asked = time.GetTimestamp();
        using var request = new ClientCredentialsTokenRequest
        {
            Address = address.AbsoluteUri,
            ClientId = client,
            ClientSecret = plain,

            // In the body, as CONNECT documents it.
            ClientCredentialStyle = ClientCredentialStyle.PostBody,
        };
        var answer = await http.RequestClientCredentialsTokenAsync(request, cancellation).ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        if (answer.IsError || answer.AccessToken is not { Length: > 0 } value)
        {
            // The provider may have moved: it is looked for again.
            _discovered = null;
            var reason = string.Join(": ", new[] { answer.Error ?? "no access_token is in it", answer.ErrorDescription }.Where(t => !string.IsNullOrEmpty(t)));
            throw new AccessException(Reasons.Clean($"no token was had from {Reasons.Show(address)}: {reason}", [plain]));
        }

        // Without expires_in nobody knows how long it lasts: it is used once.
        return new Token(value, asked, TimeSpan.FromSeconds(answer.ExpiresIn) - Margin);
    }

    private async Task<Uri> DiscoverAsync(HttpClient http, CancellationToken cancellation)
    {
        var host = new Uri(endpoint.Endpoint);
        var address = new Uri(host, "/identity/.well-known/openid-configuration");
        using var answer = await http.GetAsync(address, cancellation).ConfigureAwait(false);
        if (!answer.IsSuccessStatusCode)
        {
            throw new AccessException($"{Reasons.Show(address)}, where the token endpoint is asked for, answers {(int)answer.StatusCode}; set TokenEndpoint if it is elsewhere");
        }

        var found = TokenEndpointOf(await answer.Content.ReadAsStringAsync(cancellation).ConfigureAwait(false));
        if (!Uri.TryCreate(found, UriKind.Absolute, out var token) || token.Scheme is not ("http" or "https"))
        {
            throw new AccessException($"{Reasons.Show(address)} names no token endpoint; set TokenEndpoint");
        }

        // The secret must not be less protected than the values are.
        return host.Scheme != Uri.UriSchemeHttps || token.Scheme == Uri.UriSchemeHttps
            ? token
            : throw new AccessException($"{Reasons.Show(address)} names a token endpoint without encryption; the client's secret is not sent there");
    }

    private static string? TokenEndpointOf(string document)
    {
        try
        {
            return new OpenIdConnectConfiguration(document).TokenEndpoint;
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    private sealed record Token(string Value, long Asked, TimeSpan Lifetime);
}
