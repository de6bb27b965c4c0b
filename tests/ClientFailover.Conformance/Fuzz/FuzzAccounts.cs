using ClientFailover.Conformance.Identity;
using ClientFailover.Conformance.Running;

namespace ClientFailover.Conformance.Fuzz;

/// <summary>The headers of those who have an account.</summary>
/// <param name="User">The user's.</param>
/// <param name="Administrator">The administrator's.</param>
/// <param name="Tenant">The tenant's administrator's.</param>
internal sealed record FuzzAccounts(string User, string Administrator, string Tenant)
{
    /// <summary>Those of a service.</summary>
    /// <param name="service">The service.</param>
    /// <param name="provider">The identity provider of its tenants.</param>
    public static async Task<FuzzAccounts> OfAsync(RunningService service, TokenProvider provider) => new(
        service.User.Header.ToString(), service.Administrator.Header.ToString(), $"Bearer {await provider.GetAsync(TokenProvider.OfATenant)}");

    /// <summary>The header of a request.</summary>
    /// <param name="input">The request.</param>
    /// <returns>The header; null: none.</returns>
    public string? Of(FuzzInput input) => input.Sender switch
    {
        Sender.User => User,
        Sender.Administrator => Administrator,
        Sender.Tenant => Tenant,
        _ => input.Authorization,
    };
}
