using System.Globalization;
using ClientFailover.Service.Identity;
using ClientFailover.Service.Transport.Authorization;

namespace ClientFailover.Service.Limits;

/// <summary>
/// Responsible for the limits of requests, once it is known who makes them. A heartbeat of somebody who is known is never refused here, and never
/// waits: a shared account, or a site behind one address, must not lose its Primary for its size. The answer to one that fails may wait.
/// </summary>
/// <param name="next">The rest of the pipeline.</param>
/// <param name="rates">The rates.</param>
/// <param name="pauses">Where callers wait.</param>
/// <param name="meter">Counts.</param>
internal sealed class RequestLimits(RequestDelegate next, RequestRates rates, Pauses pauses, LimitMeter meter)
{
    /// <summary>Handles a request.</summary>
    /// <param name="http">The request.</param>
    /// <returns>Completes when it is answered.</returns>
    public Task InvokeAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        var operation = Operation.Of(http);
        var caller = CallerPrincipal.Of(http);
        var conduct = ConnectionConduct.Of(http);
        if (operation?.IsHeartbeat == true && caller is not null)
        {
            return conduct is null ? HandleAsync(http, operation) : BeatAsync(http, operation, conduct);
        }

        if (!rates.IsLimited)
        {
            return HandleAsync(http, operation);
        }

        var address = http.Connection.RemoteIpAddress;
        if (!(ProbeRequest.Is(http) ? rates.TryTakeProbe(address, out var wait) : rates.TryTake(caller, address, out wait)))
        {
            return RefuseAsync(http, conduct, wait);
        }

        conduct?.Admitted();
        return HandleAsync(http, operation);
    }

    private Task BeatAsync(HttpContext http, Operation operation, ConnectionConduct conduct)
    {
        if (conduct.HeartbeatPause is { Ticks: > 0 } pause)
        {
            // Good ones of others come over the same connection through a gateway or a proxy: only what fails waits.
            http.Response.OnStarting(() => HasFailed(http) ? HoldAsync(http, conduct, pause) : Task.CompletedTask);
        }

        var handling = HandleAsync(http, operation);
        if (!handling.IsCompletedSuccessfully)
        {
            return JudgeAsync(http, conduct, handling);
        }

        conduct.Beaten(HasFailed(http));
        return Task.CompletedTask;
    }

    private async Task HoldAsync(HttpContext http, ConnectionConduct conduct, TimeSpan pause)
    {
        meter.Refused(LimitMeter.Pace);
        if (!await TryPauseAsync(http, conduct, pause))
        {
            conduct.Crowded(http);
        }
    }

    /// <summary>Waits, unless many do and the connection has its share of them.</summary>
    private async Task<bool> TryPauseAsync(HttpContext http, ConnectionConduct? conduct, TimeSpan pause)
    {
        if (conduct?.TryWait(pauses.IsCrowded) == false)
        {
            return false;
        }

        try
        {
            await pauses.TakeAsync(pause, http.RequestAborted);
            return true;
        }
        finally
        {
            conduct?.Waited();
        }
    }

    private async Task RefuseAsync(HttpContext http, ConnectionConduct? conduct, TimeSpan wait)
    {
        meter.Refused(LimitMeter.Requests);

        // What does not wait takes the more of the connection's patience.
        await TryPauseAsync(http, conduct, wait);
        CountReset(http);
        conduct?.Refused(http);
        http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        http.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Handles what was let in.</summary>
    private Task HandleAsync(HttpContext http, Operation? operation)
    {
        // Only HTTP/2 resets a request and keeps the connection.
        if (!HttpProtocol.IsHttp2(http.Request.Protocol))
        {
            return next(http);
        }

        if (operation?.IsAdapterStream != true)
        {
            return WatchAsync(http);
        }

        // It would be held here for months, and tells of it itself; but what is refused before it is one is over at once.
        var handling = next(http);
        if (handling.IsCompleted)
        {
            CountReset(http);
        }

        return handling;
    }

    private async Task WatchAsync(HttpContext http)
    {
        try
        {
            await next(http);
        }
        finally
        {
            CountReset(http);
        }
    }

    private static void CountReset(HttpContext http)
    {
        if (http.RequestAborted.IsCancellationRequested)
        {
            ConnectionConduct.Of(http)?.WasReset(http);
        }
    }

    private static async Task JudgeAsync(HttpContext http, ConnectionConduct conduct, Task handling)
    {
        var failed = true;
        try
        {
            await handling;
            failed = HasFailed(http);
        }
        finally
        {
            conduct.Beaten(failed);
        }
    }

    // Over gRPC the answer itself is always a good one.
    private static bool HasFailed(HttpContext http) =>
        http.Response.StatusCode >= StatusCodes.Status400BadRequest || http.Response.Headers.GrpcStatus is { Count: > 0 } status && status != "0";
}
