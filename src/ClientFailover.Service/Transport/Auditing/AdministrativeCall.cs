using ClientFailover.Service.Identity;
using Microsoft.AspNetCore.Authorization;

namespace ClientFailover.Service.Transport.Auditing;

/// <summary>Marks the endpoints that only administrators may call: each such call is in the audit.</summary>
internal sealed class AdministrativeCall
{
    private static readonly AdministrativeCall Instance = new();

    private AdministrativeCall()
    {
    }

    /// <summary>Marks an endpoint if it is one. Found out once, so that other calls pay next to nothing.</summary>
    /// <param name="endpoint">The endpoint.</param>
    public static void Mark(EndpointBuilder endpoint)
    {
        if (endpoint.Metadata.OfType<IAuthorizeData>().Any(a => a.Policy == Policies.Administrators))
        {
            endpoint.Metadata.Add(Instance);
        }
    }
}
