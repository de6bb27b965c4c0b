using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace ClientFailover.HealthReceiver.Hosting;

/// <summary>
/// Responsible for the OAuth client credentials of an endpoint: discovery, tokens that expire, and letting nobody pass without one.
/// </summary>
/// <param name="client">The client.</param>
/// <param name="secret">Its secret.</param>
/// <param name="time">The clock.</param>
public sealed class TokenIssuer(string client, string secret, TimeProvider time) : IReceiverAccess
{
    /// <summary>Where the discovery is.</summary>
    public const string DiscoveryPath = "/identity/.well-known/openid-configuration";

    /// <summary>Where tokens are had.</summary>
    public const string TokenPath = "/identity/connect/token";

    private readonly ConcurrentDictionary<string, DateTimeOffset> _tokens = new();
    private int _discoveries;
    private int _asked;

    /// <summary>How long tokens last.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>What the discovery names; null: this one's own.</summary>
    public string? TokenEndpoint { get; set; }

    /// <summary>The address of the receiver, which the discovery's answer begins with.</summary>
    public Uri Address { get; set; } = new("http://receiver");

    /// <summary>What it answers instead of a token.</summary>
    public OmfReply? Refusal { get; set; }

    /// <summary>How often the discovery was asked.</summary>
    public int Discoveries => _discoveries;

    /// <summary>How many tokens were issued.</summary>
    public int Issued => _tokens.Count;

    /// <summary>How often one was asked for.</summary>
    public int Asked => _asked;

    /// <summary>Whether a token was ever used after its time.</summary>
    public bool WasLate { get; private set; }

    /// <summary>Lets no token pass that was issued so far.</summary>
    public void Revoke()
    {
        foreach (var token in _tokens.Keys)
        {
            _tokens[token] = DateTimeOffset.MaxValue;
        }
    }

    public bool Allows(string authorization)
    {
        if (!authorization.StartsWith("Bearer ", StringComparison.Ordinal) || !_tokens.TryGetValue(authorization["Bearer ".Length..], out var end))
        {
            return false;
        }

        if (end == DateTimeOffset.MaxValue)
        {
            return false;
        }

        WasLate |= time.GetUtcNow() >= end;
        return time.GetUtcNow() < end;
    }

    public OmfReply? Serve(string path, string form) => path switch
    {
        DiscoveryPath => Discover(),
        TokenPath => Issue(form),
        _ => null,
    };

    private OmfReply Discover()
    {
        Interlocked.Increment(ref _discoveries);
        return Json(200, new { issuer = new Uri(Address, "/identity"), token_endpoint = TokenEndpoint ?? new Uri(Address, TokenPath).AbsoluteUri });
    }

    private OmfReply Issue(string form)
    {
        Interlocked.Increment(ref _asked);
        if (Refusal is not null)
        {
            return Refusal;
        }

        var fields = QueryHelpers.ParseQuery(form);
        if (fields.GetValueOrDefault("grant_type") != "client_credentials" || fields.GetValueOrDefault("client_id") != client || fields.GetValueOrDefault("client_secret") != secret)
        {
            return Json(400, new { error = "invalid_client" });
        }

        var token = Guid.NewGuid().ToString("N");
        _tokens[token] = time.GetUtcNow() + Lifetime;
        return Json(200, new { access_token = token, token_type = "Bearer", expires_in = (int)Lifetime.TotalSeconds });
    }

    private static OmfReply Json(int status, object body) =>
        new(status, JsonSerializer.Serialize(body), new Dictionary<string, string> { ["Content-Type"] = "application/json" });
}
