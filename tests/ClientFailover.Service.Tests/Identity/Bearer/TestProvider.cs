using System.Security.Cryptography;
using System.Text.Json;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Identity;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Tokens;

namespace ClientFailover.Service.Tests.Identity.Bearer;

/// <summary>What a provider publishes, without a network, and the tokens that it signs.</summary>
internal sealed class TestProvider : IDocumentRetriever
{
    public const string Authority = "https://provider.example";
    public const string Audience = "client-failover";

    private readonly List<RsaSecurityKey> _keys = [NewKey()];

    /// <summary>Settings of a service that takes its tokens.</summary>
    public static ServiceOptions Options { get; } = new()
    {
        AuthenticationSchemes = SchemeNames.Bearer,
        BearerAuthority = Authority,
        BearerAudience = Audience,
        BearerClockSkew = TimeSpan.Zero,
    };

    /// <summary>How often it was asked for its keys.</summary>
    public int Asked { get; private set; }

    /// <summary>Whether it answers.</summary>
    public bool IsThere { get; set; } = true;

    /// <summary>Publishes another key besides, and signs with it from now on.</summary>
    public void AddKey() => _keys.Add(NewKey());

    /// <summary>Withdraws the oldest key.</summary>
    public void WithdrawOldest() => _keys.RemoveAt(0);

    /// <summary>Signs a token.</summary>
    public string Sign(DateTimeOffset now, TimeSpan lifetime, string subject = "ann", string? audience = Audience, SecurityKey? key = null) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Authority,
            Audience = audience,
            NotBefore = now.UtcDateTime,
            Expires = (now + lifetime).UtcDateTime,
            Claims = new Dictionary<string, object> { ["sub"] = subject, ["roles"] = new[] { Roles.Users } },
            SigningCredentials = new SigningCredentials(key ?? _keys[^1], SecurityAlgorithms.RsaSha256),
        });

    /// <summary>A key that nobody publishes.</summary>
    public static RsaSecurityKey NewKey() => new(RSA.Create(2048)) { KeyId = Guid.NewGuid().ToString("N") };

    /// <inheritdoc/>
    public Task<string> GetDocumentAsync(string address, CancellationToken cancel)
    {
        if (!IsThere)
        {
            throw new IOException("Nobody answers.");
        }

        if (!address.EndsWith("/keys", StringComparison.Ordinal))
        {
            return Task.FromResult(JsonSerializer.Serialize(new { issuer = Authority, jwks_uri = Authority + "/keys" }));
        }

        Asked++;
        var keys = _keys.Select(k =>
        {
            var key = k.Rsa.ExportParameters(false);
            return new { kty = "RSA", use = "sig", kid = k.KeyId, n = Base64UrlEncoder.Encode(key.Modulus), e = Base64UrlEncoder.Encode(key.Exponent) };
        });
        return Task.FromResult(JsonSerializer.Serialize(new { keys }));
    }
}
