using System.Globalization;
using System.Text.Encodings.Web;
using ClientFailover.Service.Limits;
using ClientFailover.Service.Telemetry;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace ClientFailover.Service.Identity;

/// <summary>
/// Responsible for finding out who sent a request, by whichever of the enabled schemes it uses: the one of its
/// <c>Authorization</c> header, else that of its connection. To the framework they are one scheme: its own way of forwarding
/// from one to another makes two more objects for every heartbeat. It answers in HTTP; the transport puts that into gRPC's
/// form for native calls.
/// </summary>
/// <param name="options">Of the framework.</param>
/// <param name="logger">Of the framework.</param>
/// <param name="encoder">Of the framework.</param>
/// <param name="schemes">Judge the credentials.</param>
/// <param name="meter">Counts what is refused.</param>
internal sealed class CallerHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    CallerSchemes schemes,
    LogonMeter meter) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>Name that the framework knows all schemes by.</summary>
    public const string SchemeName = "Caller";

    private static readonly Task<AuthenticateResult> NotOurs = Task.FromResult(AuthenticateResult.NoResult());

    private ICallerScheme? _scheme;
    private string? _connectionScheme;
    private LogonOutcome _outcome = LogonOutcome.Refused;

    /// <inheritdoc/>
    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var headers = Request.Headers.Authorization;
        if (headers.Count == 0)
        {
            if (schemes.LogOn(Context) is not { } byConnection)
            {
                return NotOurs;
            }

            _connectionScheme = SchemeNames.Certificate;
            return Conclude(byConnection).Result;
        }

        if (headers.Count != 1 || schemes.Find(headers[0]) is not { } scheme)
        {
            return NotOurs;
        }

        _scheme = scheme;
        var header = headers[0]!;
        var connection = ConnectionCredential.Of(Context);
        if (connection?.Find(header) is { } known && scheme.IsStillGood(known))
        {
            _outcome = known.Outcome;
            return _outcome.Result;
        }

        var logOn = scheme.LogOnAsync(Context, header);
        if (!logOn.IsCompletedSuccessfully)
        {
            return WaitAsync(logOn.AsTask());
        }

        Conclude(logOn.Result);
        connection?.Remember(header, _outcome.Credential);
        return _outcome.Result;
    }

    /// <inheritdoc/>
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = _outcome.Status;
        if (!_outcome.IsUnfinished)
        {
            meter.Failed(_scheme?.Name ?? _connectionScheme, _outcome.Status);
        }

        if (_outcome.RetryAfter is { } wait)
        {
            Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            return Task.CompletedTask;
        }

        foreach (var scheme in schemes.All)
        {
            var isMeant = scheme == _scheme && _outcome.Challenge is not null;
            if (isMeant || !_outcome.IsUnfinished)
            {
                Response.Headers.Append("WWW-Authenticate", isMeant ? _outcome.Challenge : scheme.Challenge);
            }
        }

        return Task.CompletedTask;
    }

    private async Task<AuthenticateResult> WaitAsync(Task<LogonOutcome> logOn)
    {
        try
        {
            // A caller that goes away does not end a verification that others may be waiting for.
            return await Conclude(await logOn.WaitAsync(Context.RequestAborted).ConfigureAwait(false)).Result.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (Context.RequestAborted.IsCancellationRequested)
        {
            // It never gets to where the others are counted that are reset.
            ConnectionConduct.Of(Context)?.WasReset(Context);
            throw;
        }
    }

    // Not for what the connection is known for already: then it was told before.
    private LogonOutcome Conclude(LogonOutcome outcome)
    {
        _outcome = outcome;
        if (outcome.IsSuccess)
        {
            ConnectionEntry.Of(Context)?.Authenticated();
        }

        return outcome;
    }
}
