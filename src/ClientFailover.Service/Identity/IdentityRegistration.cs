using ClientFailover.Service.Hosting;
using ClientFailover.Service.Identity.Basic;
using ClientFailover.Service.Identity.Bearer;
using ClientFailover.Service.Identity.Certificate;
using ClientFailover.Service.Identity.Negotiate;
using ClientFailover.Service.Limits;
using ClientFailover.Service.Telemetry;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;

namespace ClientFailover.Service.Identity;

/// <summary>Responsible for putting authentication and authorization into the service.</summary>
internal static class IdentityRegistration
{
    /// <summary>Adds the schemes, the built-in accounts and the policies.</summary>
    /// <param name="services">The services.</param>
    /// <returns>The same.</returns>
    public static IServiceCollection AddFailoverIdentity(this IServiceCollection services)
    {
        services.AddLimits();
        services.AddMeters();
        services.AddSingleton<IPasswordHasher<UserAccount>, PasswordHasher<UserAccount>>();
        services.AddSingleton(s => UserStore.Open(
            s.GetRequiredService<DataDirectory>(),
            s.GetRequiredService<IPasswordHasher<UserAccount>>(),
            s.GetRequiredService<TimeProvider>(),
            s.GetRequiredService<ILogger<UserStore>>()));
        services.AddSingleton<CredentialCache>();
        services.AddSingleton<KnownAddresses>();
        services.AddSingleton<FailedLogonLimiter>();

        // One of each scheme: whoever fails by one must not keep out those who come by another.
        services.AddTransient<VerificationLimiter>();
        services.AddSingleton<BasicLogon>();
        services.AddSingleton<BasicScheme>();
        services.AddSingleton<IdentityProvider>();
        services.AddSingleton<BearerScheme>();
        services.AddSingleton<IssuerFiles>();
        services.AddSingleton<CertificateScheme>();
        services.AddSingleton<NegotiateScheme>();
        services.AddSingleton(CreateSchemes);

        // The core only: AddAuthentication would bring data protection, which writes keys into the account's home.
        services.AddAuthenticationCore(o => o.DefaultScheme = CallerHandler.SchemeName);
        services.AddWebEncoders();
        new AuthenticationBuilder(services).AddScheme<AuthenticationSchemeOptions, CallerHandler>(CallerHandler.SchemeName, null);

        var users = new AuthorizationPolicyBuilder().RequireRole(Roles.Users, Roles.Administrators).Build();
        services.AddAuthorizationBuilder()
            .AddPolicy(Policies.Users, users)
            .AddPolicy(Policies.Administrators, p => p.RequireRole(Roles.Administrators))
            .AddPolicy(
                Policies.ServiceUsers,
                p => p.RequireRole(Roles.Users, Roles.Administrators).RequireAssertion(c => c.User is CallerPrincipal { Caller.TenantId: null }))
            .AddPolicy(
                Policies.ServiceAdministrators,
                p => p.RequireRole(Roles.Administrators).RequireAssertion(c => c.User is CallerPrincipal { Caller.TenantId: null }))
            .SetDefaultPolicy(users)
            .SetFallbackPolicy(users);
        return services;
    }

    /// <summary>Opens what the schemes judge by, and has every request from here on authenticated and authorized.</summary>
    /// <param name="app">The service.</param>
    /// <returns>The same.</returns>
    /// <exception cref="StartupException">It cannot be read.</exception>
    public static WebApplication UseFailoverIdentity(this WebApplication app)
    {
        app.Services.GetRequiredService<CallerSchemes>();
        app.UseAuthentication();

        // In between: only here it is known whose requests are counted, and only from here on they cost more than that.
        app.UseMiddleware<RequestLimits>();
        app.UseAuthorization();
        return app;
    }

    private static CallerSchemes CreateSchemes(IServiceProvider services)
    {
        var setting = services.GetRequiredService<ServiceOptions>().AuthenticationSchemes;
        var connections = new List<IConnectionScheme>();

        // Whoever has logged on over a connection has said more than a certificate that goes with every connection.
        if (SchemeNames.Enables(setting, SchemeNames.Negotiate))
        {
            connections.Add(services.GetRequiredService<NegotiateScheme>());
        }

        if (SchemeNames.Enables(setting, SchemeNames.Certificate))
        {
            connections.Add(services.GetRequiredService<CertificateScheme>());
        }

        return new CallerSchemes([.. SchemeNames.Parse(setting).Select(Create).OfType<ICallerScheme>()], connections);

        ICallerScheme? Create(string name) => name.ToUpperInvariant() switch
        {
            "BASIC" => services.GetRequiredService<BasicScheme>(),
            "BEARER" => services.GetRequiredService<BearerScheme>(),
            "NEGOTIATE" => services.GetRequiredService<NegotiateScheme>(),
            _ => null,
        };
    }
}
