using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using ClientFailover.Conformance.Running;
using ClientFailover.Conformance.Telemetry.Otlp;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace ClientFailover.Conformance.Telemetry;

/// <summary>Responsible for a collector in this process that takes OTLP over gRPC and over HTTP, and keeps what it is sent.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly ConcurrentQueue<Metric> _metrics = new();
    private readonly ConcurrentQueue<Span> _spans = new();
    private readonly ConcurrentQueue<LogRecord> _logs = new();
    private readonly ConcurrentQueue<string> _credentials = new();
    private readonly ConcurrentDictionary<string, string> _resource = new();
    private WebApplication _app = null!;
    private TaskCompletionSource _received = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Where it takes gRPC.</summary>
    public Uri Grpc { get; private set; } = null!;

    /// <summary>Where it takes HTTP.</summary>
    public Uri Http { get; private set; } = null!;

    /// <summary>Whether it leaves whoever sends without an answer.</summary>
    public bool Hangs { get; set; }

    /// <summary>Metrics, each time they were sent.</summary>
    public IReadOnlyCollection<Metric> Metrics => _metrics;

    /// <summary>Spans.</summary>
    public IReadOnlyCollection<Span> Spans => _spans;

    /// <summary>Lines of the log.</summary>
    public IReadOnlyCollection<LogRecord> Logs => _logs;

    /// <summary>The Authorization header of each request.</summary>
    public IReadOnlyCollection<string> Credentials => _credentials;

    /// <summary>Who sent them.</summary>
    public IReadOnlyDictionary<string, string> Resource => _resource;

    /// <summary>Starts one.</summary>
    public static async Task<Collector> StartAsync()
    {
        var collector = new Collector();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k =>
        {
            k.Listen(IPAddress.Loopback, 0, l => l.Protocols = HttpProtocols.Http2);
            k.Listen(IPAddress.Loopback, 0, l => l.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddLogging();
        collector._app = builder.Build();
        collector._app.Run(collector.TakeAsync);
        await collector._app.StartAsync();
        var addresses = collector._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToList();
        (collector.Grpc, collector.Http) = (new Uri(addresses[0]), new Uri(addresses[1]));
        return collector;
    }

    /// <summary>Waits until it was sent something.</summary>
    /// <param name="condition">What.</param>
    public async Task UntilAsync(Func<Collector, bool> condition)
    {
        while (true)
        {
            var next = Volatile.Read(ref _received).Task;
            if (condition(this))
            {
                return;
            }

            await next.WaitAsync(RunningService.Patience);
        }
    }

    /// <summary>The newest value of a counter or gauge.</summary>
    /// <param name="name">The metric.</param>
    /// <param name="labels">Some of its labels.</param>
    /// <returns>The value; null: it was not sent.</returns>
    public double? Newest(string name, params (string Name, string Value)[] labels)
    {
        var points = Metrics.LastOrDefault(m => m.Name == name) is { } metric ? metric.Sum ?? metric.Gauge : null;
        return points?.Points_.Where(p => labels.All(l => p.Attributes.Any(a => a.Key == l.Name && a.Value.Text == l.Value)))
            .Select(p => (double?)(p.ValueCase == Point.ValueOneofCase.Whole ? p.Whole : p.Number)).FirstOrDefault();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Whoever waits for an answer is cut off.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task TakeAsync(HttpContext http)
    {
        using var content = new MemoryStream();
        await http.Request.Body.CopyToAsync(content);
        if (Hangs)
        {
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        }

        var isGrpc = http.Request.ContentType!.StartsWith("application/grpc", StringComparison.Ordinal);
        Keep(http.Request.Path.Value!, isGrpc ? Unframe(content.ToArray()) : content.ToArray());
        _credentials.Enqueue(http.Request.Headers.Authorization.ToString());
        Interlocked.Exchange(ref _received, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        if (isGrpc)
        {
            // An empty message, and that all is well.
            http.Response.ContentType = "application/grpc";
            await http.Response.Body.WriteAsync(new byte[5]);
            http.Response.AppendTrailer("grpc-status", "0");
        }
    }

    private void Keep(string path, byte[] message)
    {
        switch (path)
        {
            case "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export" or "/v1/metrics":
                foreach (var r in ExportMetrics.Parser.ParseFrom(message).Resources)
                {
                    Keep(r.Resource);
                    r.Scopes.SelectMany(s => s.Metrics).ToList().ForEach(_metrics.Enqueue);
                }

                break;
            case "/opentelemetry.proto.collector.trace.v1.TraceService/Export" or "/v1/traces":
                foreach (var r in ExportTraces.Parser.ParseFrom(message).Resources)
                {
                    Keep(r.Resource);
                    r.Scopes.SelectMany(s => s.Spans).ToList().ForEach(_spans.Enqueue);
                }

                break;
            case "/opentelemetry.proto.collector.logs.v1.LogsService/Export" or "/v1/logs":
                foreach (var r in ExportLogs.Parser.ParseFrom(message).Resources)
                {
                    Keep(r.Resource);
                    r.Scopes.SelectMany(s => s.Records).ToList().ForEach(_logs.Enqueue);
                }

                break;
            default:
                throw new InvalidOperationException($"{path} is no path of OTLP.");
        }
    }

    private void Keep(Resource resource)
    {
        foreach (var attribute in resource.Attributes)
        {
            _resource[attribute.Key] = attribute.Value.Text;
        }
    }

    // One message with its flag and length.
    private static byte[] Unframe(byte[] frame)
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(1));
        return frame[0] == 0 && length == frame.Length - 5 ? frame[5..] : throw new InvalidDataException("It is not one message of gRPC.");
    }
}
