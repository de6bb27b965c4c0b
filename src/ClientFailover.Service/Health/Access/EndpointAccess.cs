using System.Net.Http.Headers;
using System.Text;
using ClientFailover.Service.Configuration;

namespace ClientFailover.Service.Health.Access;

/// <summary>Makes the access that an endpoint's configuration asks for.</summary>
internal static class EndpointAccess
{
    /// <summary>Makes it.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="protection">Decrypts its secrets.</param>
    /// <param name="time">The clock.</param>
    /// <returns>Basic, a token, or, with neither, what the connection does by itself: Negotiate.</returns>
    public static IEndpointAccess Create(HealthEndpoint endpoint, SecretProtection protection, TimeProvider time) => endpoint switch
    {
        { Username: { } name, Password: { } password } => new BasicAccess(name, password, protection),
        { ClientId: { } client, ClientSecret: { } secret } => new TokenAccess(endpoint, client, secret, protection, time),
        _ => new NegotiateAccess(),
    };

    /// <summary>Decrypts a secret, for the moment in which it is used.</summary>
    /// <param name="protection">Decrypts it.</param>
    /// <param name="secret">The secret.</param>
    /// <returns>Plain text.</returns>
    /// <exception cref="AccessException">Its key is gone.</exception>
    public static string Reveal(this SecretProtection protection, ProtectedSecret secret) => protection.TryReveal(secret, out var plain)
        ? plain
        : throw new AccessException($"its stored secret cannot be decrypted with the keys in {protection.KeyDirectory}; set the secret again");

    private sealed class NegotiateAccess : IEndpointAccess
    {
        public Task<RequestAccess> AuthorizeAsync(HttpClient http, CancellationToken cancellation) => Task.FromResult(RequestAccess.None);

        public bool Renew() => false;
    }

    private sealed class BasicAccess(string name, ProtectedSecret password, SecretProtection protection) : IEndpointAccess
    {
        public Task<RequestAccess> AuthorizeAsync(HttpClient http, CancellationToken cancellation)
        {
            var plain = protection.Reveal(password);
            var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{plain}"));
            return Task.FromResult(new RequestAccess(new AuthenticationHeaderValue("Basic", credentials), [plain, credentials]));
        }

        public bool Renew() => false;
    }
}
