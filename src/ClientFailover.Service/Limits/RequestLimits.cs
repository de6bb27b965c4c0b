using System.Globalization;
using ClientFailover.Service.Identity;
using ClientFailover.Service.Transport.Authorization;

namespace ClientFailover.Service.Limits;

/// <summary>
/// Responsible for the limits of requests, once it is known who makes them. A heartbeat of somebody who is known is never refused here: a
/// shared account, or a site behind one address, must not lose its Primary for its size.
/// </summary>
/// <param name="next">The rest of the pipeline.</param>
/// <param name="rates">The rates.</param>
/// <param name="meter">Counts.</param>
internal sealed class RequestLimits(RequestDelegate next, RequestRates rates, LimitMeter meter)
{
    /// <summary>Handles a request.</summary>
    /// <param name="http">The request.</param>
    /// <returns>Completes when it is answered.</returns>
    public Task InvokeAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        var operation = Operation.Of(http);
        var caller = CallerPrincipal.Of(http);
        if (rates.IsLimited && !(operation?.IsHeartbeat == true && caller is not null) && !Admit(http, caller))
        {
            return Task.CompletedTask;
        }

        // Only HTTP/2 resets a request and keeps the connection. An adapter stream tells of it itself: it would be held here for months.
        return HttpProtocol.IsHttp2(http.Request.Protocol) && operation?.IsAdapterStream != true ? WatchAsync(http) : next(http);
    }

    private bool Admit(HttpContext http, Caller? caller)
    {
        var conduct = ConnectionConduct.Of(http);
        if (rates.TryTake(caller, http.Connection.RemoteIpAddress, out var wait))
        {
            conduct?.Admitted();
            return true;
        }

        meter.Refused(LimitMeter.Requests);
        conduct?.Refused(http);
        http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        http.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return false;
    }

    private async Task WatchAsync(HttpContext http)
    {
        try
        {
            await next(http);
        }
        finally
        {
            if (http.RequestAborted.IsCancellationRequested)
            {
                ConnectionConduct.Of(http)?.WasReset(http);
            }
        }
    }
}
