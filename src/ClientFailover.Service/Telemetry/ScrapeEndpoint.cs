namespace ClientFailover.Service.Telemetry;

/// <summary>
/// Responsible for answering Prometheus. The library's exporter lets nobody else collect until its answer has been taken, and whoever
/// takes it slowly would hold up all others: here it writes into memory, and the caller has only that.
/// </summary>
/// <param name="services">The services.</param>
/// <param name="metrics">The metrics.</param>
internal sealed class ScrapeEndpoint(IServiceProvider services, MetricCollection metrics)
{
    /// <summary>Where it is.</summary>
    public const string Path = "/metrics";

    private readonly Lazy<RequestDelegate> _exporter = new(() => new ApplicationBuilder(services)
        .UseOpenTelemetryPrometheusScrapingEndpoint(metrics.Provider, _ => true, path: null, configureBranchedPipeline: null, optionsName: null)
        .Build());

    /// <summary>Answers a request.</summary>
    /// <param name="http">The request.</param>
    /// <returns>Done when it is answered.</returns>
    public async Task AnswerAsync(HttpContext http)
    {
        var response = http.Response;
        var body = response.Body;
        using var text = new MemoryStream();
        response.Body = text;
        try
        {
            await _exporter.Value(http);
        }
        finally
        {
            response.Body = body;
        }

        response.ContentLength = text.Length;
        response.Headers.CacheControl = "no-store";
        text.Position = 0;
        await text.CopyToAsync(body, http.RequestAborted);
    }
}
