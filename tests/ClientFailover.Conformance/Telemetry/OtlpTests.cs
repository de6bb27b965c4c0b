using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ClientFailover.Conformance.Running;
using ClientFailover.Conformance.Streams;
using ClientFailover.Conformance.Telemetry.Otlp;
using NUnit.Framework;

namespace ClientFailover.Conformance.Telemetry;

/// <summary>What a collector gets of a service, and what a service has of a collector that is not there.</summary>
public sealed class OtlpTests
{
    private const string Secret = "planted-collector-secret";

    [Test]
    public async Task Service_WithACollector_SendsMetricsTracesAndLogs([Values("Grpc", "HttpProtobuf")] string protocol)
    {
        await using var collector = await Collector.StartAsync();
        using var folder = DataFolder.Create();
        var headers = folder.File("collector-headers");
        await File.WriteAllTextAsync(headers, $"Authorization: Bearer {Secret}\n");
        var address = protocol == "Grpc" ? collector.Grpc : collector.Http;
        await using var service = await RunningService.StartAsync(
            folder.Path,
            [
                .. RunningService.Quick, "--OtlpEndpoint", address.ToString(), "--OtlpProtocol", protocol, "--OtlpHeadersFile", headers,
                "--OtlpMetricsInterval", "00:00:01", "--OtlpTraceRatio", "1", "--Logging:LogLevel:Default", "Debug",
            ]);
        using var caller = new Caller(service);
        var group = CallerActions.NewId();
        await caller.CreateGroupAsync(group);
        using var stream = await AdapterStream.JoinAsPrimaryAsync(caller, group, "a");
        await stream.BeatAndReadAsync(50);
        await caller.RegisterAsync(group, "b");
        await caller.BeatAsync(group, "b", 50);

        await collector.UntilAsync(c => c.Newest("clientfailover.heartbeats", ("transport", "stream"), ("outcome", "accepted")) == 2);
        await collector.UntilAsync(c => c.Newest("clientfailover.heartbeats", ("transport", "rest"), ("outcome", "accepted")) == 1);
        await collector.UntilAsync(c => c.Newest("clientfailover.groups", ("state", "protected")) == 1);
        await collector.UntilAsync(c => c.Metrics.Any(m => m is { Name: "http.server.request.duration", Histogram: not null, Unit: "s" }));
        await collector.UntilAsync(c => c.Logs.Any(l => l.Body.Text.Contains($"Group default/default/{group} is created", StringComparison.Ordinal)));
        await collector.UntilAsync(c => c.Spans.Any(s => s.Name == "takeover" && Carries(s, "clientfailover.group", group)));
        await collector.UntilAsync(c => c.Spans.Any(s => s.Name == "commit"));
        await service.StopAsync();
        await collector.UntilAsync(c => c.Logs.Any(l => l.Body.Text == "Client Failover stops"));

        Assert.That(collector.Resource["service.name"], Is.EqualTo("client-failover"));
        Assert.That(collector.Credentials, Is.All.EqualTo($"Bearer {Secret}"));
        Assert.That(service.Output, Does.Not.Contain(Secret));
        Assert.That(collector.Logs, Has.None.Matches<LogRecord>(l => l.ToString().Contains(Secret, StringComparison.Ordinal)));
        var commit = collector.Spans.First(s => s.Name == "commit");
        Assert.That(
            collector.Spans, Has.Some.Matches<Span>(s => s.SpanId == commit.ParentSpanId && s.TraceId == commit.TraceId), "It belongs to a request.");
        Assert.That(collector.Spans, Has.None.Matches<Span>(s => s.Name.Contains("AdapterService", StringComparison.Ordinal)), "Streams are not traced.");
        Assert.That(collector.Spans.Count(s => s.Name.Contains("heartbeat", StringComparison.Ordinal)), Is.EqualTo(1), "That of REST, of which each is asked for here.");
        var role = collector.Logs.First(l => l.Body.Text.Contains("Primary goes from", StringComparison.Ordinal));
        Assert.That(role.Severity, Is.EqualTo("Information"));
    }

    [Test]
    public async Task Service_CollectorDead_GoesOnTellsOnceAndStopsInTime()
    {
        using var folder = DataFolder.Create();
        await using var service = await RunningService.StartAsync(
            folder.Path, [.. RunningService.Quick, "--OtlpEndpoint", $"http://127.0.0.1:{ClosedPort()}", "--OtlpMetricsInterval", "00:00:01", "--OtlpTraceRatio", "1"]);
        using var caller = new Caller(service);
        await service.UntilToldAsync("Metrics cannot be sent to http://127.0.0.1:");
        await service.UntilToldAsync("Logs cannot be sent to http://127.0.0.1:");

        var attempts = 0;
        await caller.CreatePairAsync("g");
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < TimeSpan.FromSeconds(4); attempts++)
        {
            Assert.That(await caller.BeatAsync("g", "a", 50), Is.EqualTo(V1.Role.Primary));
        }

        var stopping = Stopwatch.StartNew();
        Assert.That(await service.StopAsync(), Is.Zero);
        Assert.That(stopping.Elapsed, Is.LessThan(TimeSpan.FromSeconds(10)));
        Assert.That(attempts, Is.GreaterThan(10));
        foreach (var signal in new[] { "Metrics", "Logs" })
        {
            Assert.That(service.Output.Split('\n').Count(l => l.Contains($"{signal} cannot be sent", StringComparison.Ordinal)), Is.EqualTo(1), signal);
        }
    }

    [Test]
    public async Task Service_CollectorThatNeverAnswers_HoldsUpNeitherRolesNorTheStop()
    {
        await using var collector = await Collector.StartAsync();
        collector.Hangs = true;
        using var folder = DataFolder.Create();
        await using var service = await RunningService.StartAsync(
            folder.Path, [.. RunningService.Quick, "--OtlpEndpoint", collector.Grpc.ToString(), "--OtlpMetricsInterval", "00:00:01", "--OtlpTraceRatio", "1", "--Logging:LogLevel:Default", "Debug"]);
        using var caller = new Caller(service);

        // Far more lines and spans than the queues hold.
        await caller.CreatePairAsync("g");
        for (var i = 0; i < 5_000; i++)
        {
            await caller.PatientlyAsync(async c => await c.BeatAsync("g", "a", 50));
        }

        await service.UntilToldAsync("Traces cannot be sent to ");
        Assert.That(await caller.BeatAsync("g", "b", 50), Is.EqualTo(V1.Role.Secondary));
        var stopping = Stopwatch.StartNew();
        Assert.That(await service.StopAsync(), Is.Zero);
        Assert.That(stopping.Elapsed, Is.LessThan(TimeSpan.FromSeconds(10)));
        Assert.That(service.Output.Split('\n').Count(l => l.Contains("cannot be sent", StringComparison.Ordinal)), Is.LessThanOrEqualTo(3));
    }

    [Test]
    public async Task Service_CollectorComesBack_IsSentToAgain()
    {
        await using var collector = await Collector.StartAsync();
        collector.Hangs = true;
        using var folder = DataFolder.Create();
        await using var service = await RunningService.StartAsync(
            folder.Path, [.. RunningService.Quick, "--OtlpEndpoint", collector.Grpc.ToString(), "--OtlpMetricsInterval", "00:00:01", "--OtlpSignals", "Metrics"]);
        await service.UntilToldAsync("Metrics cannot be sent to ");

        collector.Hangs = false;

        await service.UntilToldAsync("Metrics can be sent to ");
        await collector.UntilAsync(c => c.Newest("clientfailover.build.info") == 1);
        Assert.That(collector.Logs, Is.Empty, "Only what the settings say is sent.");
    }

    private static bool Carries(Span span, string name, string value) => span.Attributes.Any(a => a.Key == name && a.Value.Text == value);

    private static string ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }
}
