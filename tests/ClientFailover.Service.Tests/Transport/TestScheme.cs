using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using ClientFailover.Service.Identity;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ClientFailover.Service.Tests.Transport;

/// <summary>
/// A scheme that believes what it is told: <c>Authorization: Test name;tenant;role,role</c>. As every scheme, it makes one
/// principal a credential. What is not for it is left to the default scheme.
/// </summary>
internal sealed class TestScheme(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    private const string Name = "Test";
    private const string Either = "TestOrDefault";

    private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, CallerPrincipal> Principals = new();

    public static AuthenticationHeaderValue Header(Caller caller) =>
        new(Name, $"{caller.Name};{caller.TenantId};{string.Join(',', caller.Roles)}");

    public static void Add(IServiceCollection services)
    {
        var builder = new AuthenticationBuilder(services);
        builder.AddScheme<AuthenticationSchemeOptions, TestScheme>(Name, null);
        string? former = null;
        services.PostConfigure<AuthenticationOptions>(o => (former, o.DefaultScheme) = (o.DefaultScheme, Either));
        builder.AddPolicyScheme(Either, null, o => o.ForwardDefaultSelector = http =>
            http.Request.Headers.Authorization.ToString().StartsWith(Name + " ", StringComparison.Ordinal) ? Name : former);
    }

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        var principal = Principals.GetOrAdd(header, static text =>
        {
            var parts = text[(Name.Length + 1)..].Split(';');
            return new CallerPrincipal(new Caller(
                parts[0], CallerKind.User, parts[0], parts[1].Length == 0 ? null : parts[1], parts[2].Split(',', StringSplitOptions.RemoveEmptyEntries), Name));
        });
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(principal, Name)));
    }
}
