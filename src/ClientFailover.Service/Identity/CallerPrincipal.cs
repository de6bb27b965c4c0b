using System.Security.Claims;

namespace ClientFailover.Service.Identity;

/// <summary>The framework's form of a <see cref="Identity.Caller"/>. Every scheme makes this one, once a credential.</summary>
/// <param name="caller">The caller.</param>
/// <param name="credential">What it said so by; null: nothing that could end before the request does.</param>
internal sealed class CallerPrincipal(Caller caller, VerifiedCredential? credential = null) : ClaimsPrincipal(IdentityOf(caller))
{
    /// <summary>The caller.</summary>
    public Caller Caller { get; } = caller;

    /// <summary>What the caller said who it is by: a stream ends with it. Null: nothing that could end before the stream does.</summary>
    public VerifiedCredential? Credential { get; } = credential;

    /// <summary>Who sent a request.</summary>
    /// <param name="http">The request.</param>
    /// <returns>The caller; null: it did not say, or not credibly.</returns>
    public static Caller? Of(HttpContext http) => (http.User as CallerPrincipal)?.Caller;

    private static ClaimsIdentity IdentityOf(Caller caller) => new(
        [new Claim(ClaimTypes.Name, caller.Name), .. caller.Roles.Select(r => new Claim(ClaimTypes.Role, r))],
        caller.Scheme);
}
