using System.Net.Http.Headers;

namespace ClientFailover.Client.Connection.Credentials;

/// <summary>Who calls.</summary>
internal interface ICredential
{
    /// <summary>What to send.</summary>
    /// <exception cref="LinkException">It cannot be had now.</exception>
    ValueTask<AuthenticationHeaderValue> GetAsync(Endpoint endpoint, CancellationToken cancellation);

    /// <summary>The service refused it.</summary>
    /// <param name="refused">What was sent.</param>
    /// <returns>Whether another one can be had.</returns>
    bool Renew(AuthenticationHeaderValue? refused);
}
