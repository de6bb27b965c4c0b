using System.Globalization;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace ClientFailover.Service.Identity.Basic;

/// <summary>
/// Responsible for the authentication scheme Basic. It answers in HTTP; the transport puts that into gRPC's form for
/// native calls.
/// </summary>
/// <param name="options">Of the framework.</param>
/// <param name="logger">Of the framework.</param>
/// <param name="encoder">Of the framework.</param>
/// <param name="logon">Judges the credentials.</param>
internal sealed class BasicHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    BasicLogon logon) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>Name of the scheme.</summary>
    public const string SchemeName = "Basic";

    private const string Challenge = "Basic realm=\"Client Failover\", charset=\"UTF-8\"";
    private static readonly Task<AuthenticateResult> NotOurs = Task.FromResult(AuthenticateResult.NoResult());

    private LogonOutcome _outcome = LogonOutcome.Refused;

    /// <inheritdoc/>
    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var headers = Request.Headers.Authorization;
        if (headers.Count != 1 || !BasicCredentials.IsBasic(headers[0]))
        {
            return NotOurs;
        }

        var header = headers[0]!;
        var connection = ConnectionCredential.Of(Context);
        if (connection?.Find(header) is { } known && logon.IsStillGood(known))
        {
            _outcome = known.Outcome;
            return _outcome.Result;
        }

        var logOn = logon.LogOnAsync(header, Context.Connection.RemoteIpAddress);
        if (!logOn.IsCompletedSuccessfully)
        {
            return WaitAsync(logOn.AsTask());
        }

        _outcome = logOn.Result;
        connection?.Remember(header, _outcome.Credential);
        return _outcome.Result;
    }

    /// <inheritdoc/>
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = _outcome.Status;
        if (_outcome.RetryAfter is { } wait)
        {
            Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }
        else
        {
            Response.Headers.Append("WWW-Authenticate", Challenge);
        }

        return Task.CompletedTask;
    }

    private async Task<AuthenticateResult> WaitAsync(Task<LogonOutcome> logOn)
    {
        // A caller that goes away does not end a verification that others may be waiting for.
        _outcome = await logOn.WaitAsync(Context.RequestAborted).ConfigureAwait(false);
        return await _outcome.Result.ConfigureAwait(false);
    }
}
