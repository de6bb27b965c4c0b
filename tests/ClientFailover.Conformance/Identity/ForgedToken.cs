using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ClientFailover.Conformance.Identity;

/// <summary>Responsible for tokens of an administrator with exactly one thing wrong.</summary>
internal static class ForgedToken
{
    public const string Nothing = "nothing is wrong", Garbage = "garbage", OtherAudience = "other audience", OtherIssuer = "other issuer",
        Expired = "expired", NotYetValid = "not yet valid", WithoutExpiry = "without expiry", Unsigned = "unsigned",
        HmacWithThePublicKey = "HMAC with the public key", OwnKey = "own key", OwnKeyUnderTheRealName = "own key under the real name",
        OwnKeyInTheHeader = "own key in the header", ChangedPayload = "changed payload", WithoutSubject = "without subject";

    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };

    /// <summary>Makes one.</summary>
    /// <param name="how">What is wrong.</param>
    /// <param name="provider">Whom it pretends to be of.</param>
    /// <param name="real">A real token.</param>
    public static string Make(string how, TokenProvider provider, string real)
    {
        var now = DateTimeOffset.UtcNow;
        var claims = new Dictionary<string, object>
        {
            ["iss"] = how == OtherIssuer ? "https://other.example/" : provider.Address.AbsoluteUri,
            ["aud"] = how == OtherAudience ? "other" : TokenProvider.Audience,
            ["nbf"] = now.AddHours(how == NotYetValid ? 1 : -2).ToUnixTimeSeconds(),
            ["exp"] = now.AddHours(how == Expired ? -1 : 2).ToUnixTimeSeconds(),
            ["sub"] = "forger",
            ["roles"] = new[] { "failover.administrator" },
        };
        if (how == WithoutExpiry)
        {
            claims.Remove("exp");
        }

        if (how == WithoutSubject)
        {
            claims.Remove("sub");
        }

        return how switch
        {
            Garbage => "x.y.z",
            Unsigned => $"{Encode("""{"alg":"none","typ":"JWT"}""")}.{Encode(System.Text.Json.JsonSerializer.Serialize(claims))}.",
            HmacWithThePublicKey => Sign(claims, HmacOf(provider.Key)),
            OwnKey => Sign(claims, new SigningCredentials(TokenProvider.NewKey(), SecurityAlgorithms.RsaSha256)),
            OwnKeyUnderTheRealName => Sign(claims, Named(provider.Key.KeyId)),
            OwnKeyInTheHeader => SignWithKeyInHeader(claims),
            ChangedPayload => Change(real),
            _ => Sign(claims, new SigningCredentials(provider.Key, SecurityAlgorithms.RsaSha256)),
        };
    }

    private static SigningCredentials HmacOf(RsaSecurityKey key) => new(
        new SymmetricSecurityKey(Encoding.ASCII.GetBytes(key.Rsa.ExportSubjectPublicKeyInfoPem())) { KeyId = key.KeyId }, SecurityAlgorithms.HmacSha256);

    private static SigningCredentials Named(string name)
    {
        var key = TokenProvider.NewKey();
        key.KeyId = name;
        return new SigningCredentials(key, SecurityAlgorithms.RsaSha256);
    }

    private static string SignWithKeyInHeader(Dictionary<string, object> claims)
    {
        var key = TokenProvider.NewKey();
        var parameters = key.Rsa.ExportParameters(includePrivateParameters: false);
        return Sign(claims, new SigningCredentials(key, SecurityAlgorithms.RsaSha256), new Dictionary<string, object>
        {
            ["jwk"] = new Dictionary<string, object>
            {
                ["kty"] = "RSA",
                ["kid"] = key.KeyId,
                ["n"] = Base64UrlEncoder.Encode(parameters.Modulus),
                ["e"] = Base64UrlEncoder.Encode(parameters.Exponent),
            },
        });
    }

    private static string Change(string real)
    {
        var parts = real.Split('.');
        var payload = Base64UrlEncoder.Decode(parts[1]).Replace(TokenProvider.Administrator, "somebody-else", StringComparison.Ordinal);
        return $"{parts[0]}.{Encode(payload)}.{parts[2]}";
    }

    private static string Sign(Dictionary<string, object> claims, SigningCredentials key, IDictionary<string, object>? header = null) =>
        Handler.CreateToken(new SecurityTokenDescriptor { Claims = claims, SigningCredentials = key, AdditionalHeaderClaims = header });

    private static string Encode(string text) => Base64UrlEncoder.Encode(text);
}
