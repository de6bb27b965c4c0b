using System.Net;
using ClientFailover.Service.Identity;

namespace ClientFailover.Service.Limits;

/// <summary>Whose a request is, to the limits: an account at an address, or an address. The same account elsewhere is another: nobody locks it out everywhere.</summary>
/// <param name="Scheme">By which scheme the caller said who it is; null: it did not.</param>
/// <param name="ObjectId">The account.</param>
/// <param name="TenantId">Its tenant; null: the service's own.</param>
/// <param name="Network">Where it comes from.</param>
internal readonly record struct CallerKey(string? Scheme, string? ObjectId, string? TenantId, IPAddress Network)
{
    /// <summary>Of an account at an address.</summary>
    /// <param name="caller">The account; null: none.</param>
    /// <param name="address">Where it comes from.</param>
    /// <returns>The key.</returns>
    public static CallerKey Of(Caller? caller, IPAddress? address) => new(caller?.Scheme, caller?.ObjectId, caller?.TenantId, CallerNetwork.Of(address));

    /// <summary>Of a request.</summary>
    /// <param name="http">The request.</param>
    /// <returns>The key.</returns>
    public static CallerKey Of(HttpContext http) => Of(CallerPrincipal.Of(http), http.Connection.RemoteIpAddress);
}
