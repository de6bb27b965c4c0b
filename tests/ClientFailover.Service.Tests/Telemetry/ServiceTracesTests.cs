using System.Diagnostics;
using ClientFailover.Engine;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Storage;
using ClientFailover.Service.Telemetry;
using ClientFailover.Service.Tests.Storage;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace ClientFailover.Service.Tests.Telemetry;

[NonParallelizable]
public sealed class ServiceTracesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private static readonly GroupKey Group = new("acme", "plant", "Line1");

    [Test]
    public void Committed_RequestsOfWhichOneIsTraced_OneSpanOfItsTrace()
    {
        var spans = new List<Activity>();
        using var provider = Collect(spans, ratio: 0);
        using var traces = new ServiceTraces(new FakeTimeProvider(Now));
        var traced = Write(ActivityTraceFlags.Recorded);
        var untraced = Write(ActivityTraceFlags.None);
        Activity.Current = null;

        traces.Committed([untraced, traced, Write(null)], TimeSpan.FromMilliseconds(3));

        var span = Of(spans, traced.Trace.TraceId).Single();
        Assert.That((span.OperationName, span.ParentSpanId, span.Duration), Is.EqualTo(("commit", traced.Trace.SpanId, TimeSpan.FromMilliseconds(3))));
        Assert.That(span.StartTimeUtc + span.Duration, Is.EqualTo(Now.UtcDateTime));
        Assert.That(Of(spans, untraced.Trace.TraceId), Is.Empty);
    }

    [Test]
    public void Happened_NewPrimary_IsASpanFromTheDecision()
    {
        var spans = new List<Activity>();
        using var provider = Collect(spans, ratio: 0);
        using var traces = new ServiceTraces(new FakeTimeProvider(Now));
        var session = $"b-{Guid.NewGuid():N}";
        var entry = new HistoryEntry(
            1, 7, Now.UtcDateTime - TimeSpan.FromSeconds(1), session, Role.PendingPrimary, Role.Primary, Reason.PrimaryTimedOut, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(4));

        traces.Happened(Group, entry);
        traces.Happened(Group, entry with { NewRole = Role.Secondary });

        var span = spans.Single(s => Equals(s.GetTagItem("clientfailover.session"), session));
        Assert.That((span.OperationName, span.StartTimeUtc, span.Duration), Is.EqualTo(("takeover", Now.UtcDateTime - TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5))));
        Assert.That(span.GetTagItem("clientfailover.group"), Is.EqualTo("Line1"));
        Assert.That(span.GetTagItem("clientfailover.term"), Is.EqualTo(7));
        Assert.That(span.GetTagItem("clientfailover.reason"), Is.EqualTo("primary_timed_out"));
        Assert.That(span.GetTagItem("clientfailover.detection.duration"), Is.EqualTo(10));
    }

    [Test]
    public void ShouldSample_Request_IsDecidedByTheShareWhateverTheCallerAsksFor(
        [Values] bool callerAsks, [Values(0.0, 1.0)] double ratio)
    {
        var parent = new ActivityContext(
            ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), callerAsks ? ActivityTraceFlags.Recorded : ActivityTraceFlags.None, isRemote: true);

        var decision = new RequestSampler(ratio).ShouldSample(new SamplingParameters(parent, parent.TraceId, "GET", ActivityKind.Server)).Decision;

        Assert.That(decision, Is.EqualTo(ratio > 0 ? SamplingDecision.RecordAndSample : SamplingDecision.Drop));
    }

    private static TracerProvider Collect(List<Activity> spans, double ratio) => Sdk.CreateTracerProviderBuilder()
        .AddSource(ServiceTraces.Name)
        .SetSampler(new RequestSampler(ratio))
        .AddProcessor(new Keeper(spans))
        .Build();

    private static IEnumerable<Activity> Of(List<Activity> spans, ActivityTraceId trace) => spans.Where(s => s.TraceId == trace);

    /// <summary>A write that a request led to.</summary>
    private static TestWrite Write(ActivityTraceFlags? flags)
    {
        Activity.Current = null;
        if (flags is { } traced)
        {
            new Activity("request") { ActivityTraceFlags = traced }.SetIdFormat(ActivityIdFormat.W3C).Start();
        }

        return new TestWrite(Group, mustBeDurable: true, [], 0);
    }

    private sealed class Keeper(List<Activity> spans) : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data)
        {
            lock (spans)
            {
                spans.Add(data);
            }
        }
    }
}
