using System.Net.Http.Headers;

namespace ClientFailover.Service.Health.Access;

/// <summary>Responsible for what an endpoint asks of those who send to it. Used by one request at a time.</summary>
internal interface IEndpointAccess
{
    /// <summary>Gets what the next request is to carry.</summary>
    /// <param name="http">For asking others.</param>
    /// <param name="cancellation">Ends the asking.</param>
    /// <returns>It.</returns>
    /// <exception cref="AccessException">There is none; its message has no secret.</exception>
    Task<RequestAccess> AuthorizeAsync(HttpClient http, CancellationToken cancellation);

    /// <summary>The endpoint has refused the last one with 401.</summary>
    /// <returns>Whether the next one will be another.</returns>
    bool Renew();
}

/// <summary>What a request carries.</summary>
/// <param name="Header">The Authorization header; null: none.</param>
/// <param name="Secrets">What must not be logged should the endpoint answer with it.</param>
internal sealed record RequestAccess(AuthenticationHeaderValue? Header, IReadOnlyList<string> Secrets)
{
    /// <summary>Nothing: whatever is needed is done by the connection.</summary>
    public static RequestAccess None { get; } = new(null, []);
}

/// <summary>Nothing can be sent, as there is nothing to authorize it with.</summary>
/// <param name="reason">Why, for people; without a secret, without a full stop.</param>
internal sealed class AccessException(string reason) : Exception(reason);
