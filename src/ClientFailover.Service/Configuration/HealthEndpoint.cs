namespace ClientFailover.Service.Configuration;

/// <summary>Where the service sends messages about its health.</summary>
/// <param name="Id">Its id, as first written; compared without regard to case.</param>
/// <param name="Endpoint">An http or https URL, as it was written.</param>
/// <param name="Username">Account at a PI Web API; null: none. Never together with <paramref name="ClientId"/>.</param>
/// <param name="Password">Its password; null exactly when <paramref name="Username"/> is.</param>
/// <param name="ClientId">Client at CONNECT or Data Hub; null: none.</param>
/// <param name="ClientSecret">Its secret; null exactly when <paramref name="ClientId"/> is.</param>
/// <param name="TokenEndpoint">Where the client asks for a token; null: as the endpoint's host says.</param>
/// <param name="ValidateEndpointCertificate">Whether the endpoint's certificate must be valid; null: was not said, which means true.</param>
internal sealed record HealthEndpoint(
    string Id,
    string Endpoint,
    string? Username,
    ProtectedSecret? Password,
    string? ClientId,
    ProtectedSecret? ClientSecret,
    string? TokenEndpoint,
    bool? ValidateEndpointCertificate)
{
    /// <summary>Whether it has an id.</summary>
    /// <param name="id">The id, in any case.</param>
    /// <returns>Whether that is its own.</returns>
    public bool Is(string id) => string.Equals(Id, id, StringComparison.OrdinalIgnoreCase);
}
