using System.Net.Http.Headers;
using System.Text;

namespace ClientFailover.Client.Connection.Credentials;

/// <summary>A user and a password, sent without being asked for.</summary>
internal sealed class BasicCredential(string user, string password) : ICredential
{
    private readonly AuthenticationHeaderValue _header = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));

    /// <inheritdoc/>
    public ValueTask<AuthenticationHeaderValue> GetAsync(Endpoint endpoint, CancellationToken cancellation) => new(_header);

    /// <inheritdoc/>
    public bool Renew(AuthenticationHeaderValue? refused) => false;
}
