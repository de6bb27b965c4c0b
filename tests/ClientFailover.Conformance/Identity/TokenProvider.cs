using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace ClientFailover.Conformance.Identity;

/// <summary>Responsible for a real OpenID Connect provider in this process: discovery, keys, client credentials.</summary>
internal sealed class TokenProvider : IAsyncDisposable
{
    /// <summary>The secret of every client.</summary>
    public const string Secret = "planted-client-secret";

    /// <summary>The audience of its tokens.</summary>
    public const string Audience = "client-failover";

    /// <summary>The name of a client is its role: of users, of administrators, of nobody. See also <see cref="Of"/>.</summary>
    public const string User = "adapter-program", Administrator = "operator-program", Nobody = "other-program", ShortLived = "short-lived-program";

    /// <summary>A tenant, and the claim that tells of which one a client is.</summary>
    public const string Tenant = "gamma", TenantClaim = "tenant";

    /// <summary>The administrator of <see cref="Tenant"/>.</summary>
    public static readonly string OfATenant = Of(Administrator, Tenant);

    private const char BeforeTenant = '@';

    private readonly WebApplication _app;
    private readonly HttpClient _client = new();

    private TokenProvider(WebApplication app) => _app = app;

    /// <summary>The key it signs with now.</summary>
    public RsaSecurityKey Key { get; private set; } = NewKey();

    /// <summary>Its address, which is its name as well.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Where tokens are had.</summary>
    public Uri TokenEndpoint => new(Address, "connect/token");

    private OpenIddictServerOptions Options => _app.Services.GetRequiredService<IOptionsMonitor<OpenIddictServerOptions>>().CurrentValue;

    /// <summary>The name of a tenant's client.</summary>
    /// <param name="role">The name of one that is of no tenant.</param>
    /// <param name="tenant">The tenant.</param>
    public static string Of(string role, string tenant) => $"{role}{BeforeTenant}{tenant}";

    /// <summary>Starts one.</summary>
    /// <param name="lifetimeOfShort">How long the tokens of <see cref="ShortLived"/> live.</param>
    public static async Task<TokenProvider> StartAsync(TimeSpan lifetimeOfShort)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRoutingCore();
        builder.Services.AddLogging();
        builder.Services.AddAuthentication();
        var key = NewKey();
        builder.Services.AddOpenIddict().AddServer(o => o
            .SetTokenEndpointUris("connect/token")
            .AllowClientCredentialsFlow()
            .EnableDegradedMode()
            .DisableAccessTokenEncryption()
            .AddEphemeralEncryptionKey()
            .AddSigningKey(key)
            .AddEventHandler<ValidateTokenRequestContext>(h => h.UseInlineHandler(Validate))
            .AddEventHandler<HandleTokenRequestContext>(h => h.UseInlineHandler(c => Grant(c, lifetimeOfShort)))
            .UseAspNetCore().DisableTransportSecurityRequirement());
        var app = builder.Build();
        app.UseRouting();
        app.UseAuthentication();
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new TokenProvider(app) { Address = new Uri(address + "/"), Key = key };
    }

    /// <summary>Gets a token as a program does.</summary>
    /// <param name="client">The program.</param>
    public async Task<string> GetAsync(string client)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = client,
            ["client_secret"] = Secret,
        });
        using var response = await _client.PostAsync(TokenEndpoint, form);
        var body = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode
            ? JsonDocument.Parse(body).RootElement.GetProperty("access_token").GetString()!
            : throw new InvalidOperationException(body);
    }

    /// <summary>Signs with a new key from now on, and publishes that one alone.</summary>
    public void Rotate()
    {
        Key = NewKey();
        var keys = Options.SigningCredentials;
        keys.Clear();
        keys.Add(new SigningCredentials(Key, SecurityAlgorithms.RsaSha256));
    }

    /// <summary>Makes a key.</summary>
    public static RsaSecurityKey NewKey() => new(RSA.Create(2048)) { KeyId = Guid.NewGuid().ToString("N") };

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    private static ValueTask Validate(ValidateTokenRequestContext context)
    {
        if (context.ClientSecret != Secret)
        {
            context.Reject(OpenIddictConstants.Errors.InvalidClient);
        }

        return default;
    }

    private static ValueTask Grant(HandleTokenRequestContext context, TimeSpan lifetimeOfShort)
    {
        var client = context.Request.ClientId!;
        var parts = client.Split(BeforeTenant);
        var (role, tenant) = (parts[0], parts.ElementAtOrDefault(1));
        var identity = new ClaimsIdentity("provider");
        identity.SetClaim(OpenIddictConstants.Claims.Subject, client);
        identity.SetClaims("roles", role switch
        {
            Administrator => ["failover.administrator"],
            Nobody => ["something else"],
            _ => ["failover.user"],
        });
        if (tenant is not null)
        {
            identity.SetClaim(TenantClaim, tenant);
        }

        identity.SetDestinations(_ => [OpenIddictConstants.Destinations.AccessToken]);
        var principal = new ClaimsPrincipal(identity);
        principal.SetAudiences(Audience);
        if (client == ShortLived)
        {
            principal.SetAccessTokenLifetime(lifetimeOfShort);
        }

        context.Principal = principal;
        return default;
    }
}
