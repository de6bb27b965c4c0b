using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ClientFailover.Benchmarks.Echo;

/// <summary>
/// The least that Basic authentication can cost in ASP.NET Core: any well-formed credential is taken. Tells the
/// framework's share of the price apart from the service's own.
/// </summary>
/// <param name="options">Given by the framework.</param>
/// <param name="logger">Given by the framework.</param>
/// <param name="encoder">Given by the framework.</param>
internal sealed class EchoAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>Name of the scheme.</summary>
    public const string SchemeName = "Basic";

    /// <inheritdoc/>
    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!AuthenticationHeaderValue.TryParse(Request.Headers.Authorization, out var header) || header.Parameter is null)
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        var user = Encoding.UTF8.GetString(Convert.FromBase64String(header.Parameter)).Split(':')[0];
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, user)], SchemeName);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName)));
    }
}
