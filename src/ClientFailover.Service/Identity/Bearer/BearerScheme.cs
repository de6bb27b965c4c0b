using System.Net;
using ClientFailover.Service.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ClientFailover.Service.Identity.Bearer;

/// <summary>
/// Responsible for the scheme Bearer: tokens that an identity provider has signed for this service. A token that was verified
/// is remembered, by a keyed hash, until it expires or its key is withdrawn, and verified anew every few minutes.
/// </summary>
internal sealed partial class BearerScheme : ICallerScheme
{
    private const int LongestToken = 16 * 1024;
    private static readonly TimeSpan RenewalTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan VerifiedFor = TimeSpan.FromMinutes(5);

    // Signatures with a private key only: whoever may verify a symmetric one can also make it, and the public key is no secret.
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private readonly JsonWebTokenHandler _handler = new() { MaximumTokenSizeInBytes = LongestToken, MapInboundClaims = false };
    private readonly ServiceOptions _options;
    private readonly IdentityProvider _provider;
    private readonly VerificationLimiter _limiter;
    private readonly TimeProvider _time;
    private readonly ILogger<BearerScheme> _log;
    private readonly CredentialCache _cache;
    private readonly TokenClaims _claims;
    private readonly TokenValidationParameters _rules;
    private readonly LogLimiter _lines;

    /// <summary>Creates it; asks nobody yet.</summary>
    /// <param name="options">What tokens must say.</param>
    /// <param name="provider">Knows the keys.</param>
    /// <param name="limiter">Keeps whoever sends what is not good from keeping the processor busy.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">The log.</param>
    public BearerScheme(
        ServiceOptions options, IdentityProvider provider, VerificationLimiter limiter, TimeProvider time, ILogger<BearerScheme> log)
    {
        (_options, _provider, _limiter, _time, _log) = (options, provider, limiter, time, log);

        // Of its own: whoever gets many tokens must not push out credentials that cost a slow hash.
        _cache = new CredentialCache(time, options);
        _claims = new TokenClaims(options);
        _lines = new LogLimiter(time);
        _rules = new TokenValidationParameters
        {
            ConfigurationManager = provider.Published,
            ValidAudience = options.BearerAudience,
            ValidAlgorithms = Algorithms,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            ValidateIssuerSigningKey = true,
            LifetimeValidator = IsInItsTime,
        };
    }

    /// <inheritdoc/>
    public string Name => SchemeNames.Bearer;

    /// <inheritdoc/>
    public string Challenge => "Bearer realm=\"Client Failover\"";

    /// <inheritdoc/>
    public ValueTask<LogonOutcome> LogOnAsync(HttpContext http, string header)
    {
        var key = _cache.KeyOf(header);
        return _cache.TryGet(key, out var credential)
            ? new(credential.Outcome)
            : new(VerifyAsync(key, header[(Name.Length + 1)..].Trim(' '), http.Connection.RemoteIpAddress));
    }

    /// <inheritdoc/>
    public bool IsStillGood(VerifiedCredential credential) => _cache.Renew(credential);

    /// <inheritdoc/>
    public void Refresh() => _ = _provider.RefreshAsync();

    private static LogonOutcome Refused { get; } = new(AuthenticateResult.Fail("The token is not valid."))
    {
        Challenge = "Bearer realm=\"Client Failover\", error=\"invalid_token\"",
    };

    private async Task<LogonOutcome> VerifyAsync(CredentialKey key, string token, IPAddress? address)
    {
        // What was good before is asked for by nobody else: others who fail at the same address must not keep it out.
        var wasGood = _cache.Contains(key);
        string? name = null;
        if (!wasGood && !_limiter.TryTake(address, out var wait))
        {
            name = _claims.NameOf(_handler, token);
            if (name is null || !_limiter.TryTakeKnown(name, address))
            {
                return LogonOutcome.Limited(wait);
            }
        }

        var outcome = await VerifyAsync(key, token, address, _time.GetUtcNow()).ConfigureAwait(false);
        if (!outcome.IsSuccess && outcome != LogonOutcome.Unavailable)
        {
            _cache.Remove(key);
        }
        else if (!wasGood)
        {
            _limiter.Return(address, name);
        }

        return outcome;
    }

    private async Task<LogonOutcome> VerifyAsync(CredentialKey key, string token, IPAddress? address, DateTimeOffset now)
    {
        if (await _provider.ReadAsync().ConfigureAwait(false) is { } unavailable)
        {
            if (_lines.MayLog(nameof(LogUnavailable)))
            {
                LogUnavailable(_options.BearerAuthority, unavailable.Message);
            }

            return LogonOutcome.Unavailable;
        }

        var result = await _handler.ValidateTokenAsync(token, _rules).ConfigureAwait(false);
        if (!result.IsValid)
        {
            return Refuse(address, result.Exception.Message);
        }

        // Verifying it may have brought news of its key.
        await _provider.ReadAsync().ConfigureAwait(false);
        var verified = (JsonWebToken)result.SecurityToken;
        if (_claims.Read(verified) is not { } caller)
        {
            return Refuse(address, "It does not say whose it is (sub, client_id).");
        }

        if (caller.Roles.Count > 0)
        {
            _limiter.LetIn(TokenClaims.NameOf(caller), address);
        }
        else if (_lines.MayLog(nameof(LogWithoutRole)))
        {
            LogWithoutRole(caller.Name, _options.BearerRoleClaim);
        }

        var expires = new DateTimeOffset(verified.ValidTo, TimeSpan.Zero) + _options.BearerClockSkew;

        // Of short-lived tokens a part: whoever just got one must not be told to get the next at once.
        var third = (expires - now) / 3;
        var credential = new TokenCredential(caller, PublishedKeys.NameOf(verified.SigningKey), _provider)
        {
            Expires = expires,
            RenewFrom = expires - (third < RenewalTime ? third : RenewalTime),
            VerifyAgain = now + VerifiedFor,
        };
        _cache.Add(key, credential);
        return credential.Outcome;
    }

    private bool IsInItsTime(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters rules)
    {
        var now = _time.GetUtcNow().UtcDateTime;
        return expires is { } end && now < end + _options.BearerClockSkew && !(notBefore - _options.BearerClockSkew > now);
    }

    // The library keeps what the token says out of its messages.
    private LogonOutcome Refuse(IPAddress? address, string reason)
    {
        if (_lines.MayLog(nameof(LogRefused)))
        {
            LogRefused(address, PlainText.Of(reason));
        }

        return Refused;
    }
}
