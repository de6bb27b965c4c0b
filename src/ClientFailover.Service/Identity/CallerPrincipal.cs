using System.Security.Claims;

namespace ClientFailover.Service.Identity;

/// <summary>The framework's form of a <see cref="Identity.Caller"/>. Every scheme makes this one, once a credential.</summary>
/// <param name="caller">The caller.</param>
internal sealed class CallerPrincipal(Caller caller) : ClaimsPrincipal(IdentityOf(caller))
{
    /// <summary>The caller.</summary>
    public Caller Caller { get; } = caller;

    /// <summary>Who sent a request.</summary>
    /// <param name="http">The request.</param>
    /// <returns>The caller; null: it did not say, or not credibly.</returns>
    public static Caller? Of(HttpContext http) => (http.User as CallerPrincipal)?.Caller;

    private static ClaimsIdentity IdentityOf(Caller caller) => new(
        [new Claim(ClaimTypes.Name, caller.Name), .. caller.Roles.Select(r => new Claim(ClaimTypes.Role, r))],
        caller.Scheme);
}
