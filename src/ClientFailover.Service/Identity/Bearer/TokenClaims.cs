using System.Text.Json;
using ClientFailover.Service.Hosting;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ClientFailover.Service.Identity.Bearer;

/// <summary>Responsible for who the caller is that a verified token speaks of.</summary>
/// <param name="options">Names of claims, and what their values mean.</param>
internal sealed class TokenClaims(ServiceOptions options)
{
    private readonly RoleMap _roles = new(options.BearerUsers, options.BearerAdministrators, StringComparer.Ordinal);

    /// <summary>Reads a token.</summary>
    /// <param name="token">The token, verified.</param>
    /// <returns>The caller, perhaps without any role; null: the token does not say whose it is.</returns>
    public Caller? Read(JsonWebToken token)
    {
        using var payload = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(token.EncodedPayload));
        return Read(payload.RootElement);
    }

    /// <summary>What a caller is known by where it was let in: no account's name, which has no colon.</summary>
    /// <param name="caller">The caller.</param>
    /// <returns>The name; it tells kinds, tenants and ids apart.</returns>
    public static string NameOf(Caller caller) => $"{caller.Scheme}:{caller.Kind}:{caller.TenantId}:{caller.ObjectId}";

    /// <summary>Whose a token says it is, before it is verified: anybody can make one that says so.</summary>
    /// <param name="handler">Knows how long a token may be.</param>
    /// <param name="token">The token.</param>
    /// <returns>What that caller is known by; null: it does not say.</returns>
    public string? NameOf(JsonWebTokenHandler handler, string token)
    {
        try
        {
            return handler.CanReadToken(token) && Read(handler.ReadJsonWebToken(token)) is { } caller ? NameOf(caller) : null;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private Caller? Read(JsonElement token)
    {
        var subject = Text(token, "sub");
        var client = Text(token, "client_id") ?? Text(token, "azp") ?? Text(token, "appid");

        // A token that a program got for itself names no user: no subject, or the program as the subject.
        var isClient = client is not null && (subject is null || subject == client || Text(token, "idtyp") == "app");
        var id = isClient ? client : Text(token, "oid") ?? subject;
        if (id is null)
        {
            return null;
        }

        var name = isClient ? id : Text(token, "preferred_username") ?? Text(token, "name") ?? id;
        var tenant = options.BearerTenantClaim.Length == 0 ? null : Text(token, options.BearerTenantClaim);

        // No tenant means the service's own, which a token that should name one and does not must not come by.
        var isOfATenant = options.BearerTenantClaim.Length == 0 || tenant is not null;
        return new Caller(
            PlainText.Of(name),
            isClient ? CallerKind.Client : CallerKind.User,
            id,
            tenant,
            isOfATenant ? _roles.RolesOf(Values(token, options.BearerRoleClaim)) : [],
            SchemeNames.Bearer);
    }

    private static string? Text(JsonElement token, string claim) =>
        token.TryGetProperty(claim, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : null;

    private static List<string> Values(JsonElement token, string claim)
    {
        // The name as a whole comes first: some providers name claims by addresses, which have dots.
        if (token.TryGetProperty(claim, out var value))
        {
            return ValuesOf(claim, value);
        }

        value = token;
        foreach (var member in claim.Split('.'))
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(member, out value))
            {
                return [];
            }
        }

        return ValuesOf(claim, value);
    }

    private static List<string> ValuesOf(string claim, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => [.. value.EnumerateArray().Where(v => v.ValueKind == JsonValueKind.String).Select(v => v.GetString()!)],

        // Scopes are one text by the book, with spaces in between.
        JsonValueKind.String when claim is "scope" or "scp" => [.. value.GetString()!.Split(' ', StringSplitOptions.RemoveEmptyEntries)],
        JsonValueKind.String => [value.GetString()!],
        _ => [],
    };
}
