using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using ClientFailover.HealthReceiver;
using ClientFailover.Service.Health.Sending;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Health;

/// <summary>Hours in virtual time with ten endpoints that fail in ten ways: each minute of each is accounted for.</summary>
public sealed partial class HourTests
{
    private const int Endpoints = 10;

    [Test]
    public async Task Hour_TenEndpointsWithFaults_EveryMinuteIsSentOrDroppedForAReason()
    {
        var random = new Random(8000);
        await using var bench = new HealthBench(random.NextDouble);
        var receivers = Enumerable.Range(0, Endpoints).ToDictionary(i => $"e{i}", i => bench.Receiver($"e{i}", new ReceiverOptions
        {
            IsPi = i % 2 == 0,
            KeepsElements = i % 3 != 0,

            // The first is well, as a measure for the others.
            Plays = p => i == 0 ? null : Play(random, i, p),
        }));
        await bench.StartAsync([.. receivers.Keys.Select(id => HealthBench.Endpoint(id))]);
        for (var minute = 0; minute < 60; minute++)
        {
            await bench.PassAsync(TimeSpan.FromMinutes(1), HealthBench.LongStep);
            bench.Wrong = minute % 7 == 3 ? "something" : null;
            Assert.That(bench.Senders.Current.Select(s => s.Waiting), Is.All.LessThanOrEqualTo(Backlog.Capacity));
        }

        await bench.SettleAsync();
        var offered = Times(receivers["e0"]).ToHashSet();
        Assert.That(offered, Has.Count.GreaterThanOrEqualTo(61));
        foreach (var (id, receiver) in receivers)
        {
            var sent = Times(receiver).ToHashSet();
            var dropped = Dropped(bench, id).ToList();
            var waiting = bench.Senders.Current.Single(s => s.Endpoint.Id == id).Waiting;
            Assert.That(receiver.Violations, Is.Empty, id);
            Assert.That(sent.IsSubsetOf(offered), Is.True, id);
            Assert.That(dropped.Select(d => d.Reason), Is.All.EqualTo("Refused").Or.EqualTo("Full"), id);

            // One more may be under way. What was taken without an answer was sent again, and may have been refused then.
            var unaccounted = offered.Except(sent).Except(dropped.Select(d => d.Time)).Count();
            Assert.That(unaccounted, Is.InRange(waiting - 1, waiting + 1).And.LessThanOrEqualTo(waiting + 1), id);
        }

        Assert.That(receivers.Values.Sum(r => r.Posts.Count), Is.GreaterThan(Endpoints * 60), "There was something to account for.");
        Assert.That(bench.Meters.Counts.Keys.Count(k => k.StartsWith("clientfailover.omf", StringComparison.Ordinal)), Is.LessThanOrEqualTo((5 * 3) + 4 + 2));
    }

    [Test]
    public async Task Hours_TenLyingEndpointsBesideAGoodOne_CostItNothingAndAreBounded()
    {
        await using var bench = new HealthBench();
        var good = bench.Receiver("good");
        var hosts = new Dictionary<string, HttpMessageHandler>
        {
            ["hangs"] = new Script(async (_, c) => await Forever(c)),
            ["large"] = new Script((_, _) => Reply(HttpStatusCode.OK, new string('x', 1024 * 1024))),
            ["redirects"] = new Script((_, _) => Reply(HttpStatusCode.Redirect, "elsewhere")),
            ["teapot"] = new Script((_, _) => Reply((HttpStatusCode)418, "")),
            ["forever"] = new Script((_, _) => Reply(HttpStatusCode.ServiceUnavailable, "", r => r.Headers.RetryAfter = new(TimeSpan.FromDays(10_000)))),
            ["early"] = new Script((_, _) => Reply(HttpStatusCode.ServiceUnavailable, "", r => r.Headers.RetryAfter = new(DateTimeOffset.UnixEpoch))),
            ["deep"] = new Script((_, _) => Reply(HttpStatusCode.OK, "{\"Messages\":" + new string('[', 50_000))),
            ["throws"] = new Script((_, _) => throw new InvalidOperationException("of its own")),
            ["cancels"] = new Script((_, _) => throw new OperationCanceledException()),
            ["unknown"] = new Script((_, _) => Reply(HttpStatusCode.NotFound, "")),
        };
        foreach (var (host, handler) in hosts)
        {
            bench.Handler(host, handler);
        }

        await bench.StartAsync([.. hosts.Keys.Append("good").Select(id => HealthBench.Endpoint(id))]);
        await bench.PassAsync(TimeSpan.FromMinutes(150), HealthBench.LongStep);

        Assert.That(Times(good).ToList(), Has.Count.EqualTo(151).And.Ordered);
        Assert.That(good.Violations, Is.Empty);
        foreach (var sender in bench.Senders.Current)
        {
            Assert.That(sender.Waiting, Is.LessThanOrEqualTo(Backlog.Capacity), sender.Endpoint.Id);
            Assert.That(sender.State, Is.Not.EqualTo(SenderState.Ended), sender.Endpoint.Id);
        }

        Assert.That(bench.Log.Entries.Where(e => e.Level >= LogLevel.Error).Select(e => e.Id), Is.All.EqualTo(8010).Or.EqualTo(8013));
        foreach (var id in hosts.Keys.Where(h => h is not ("deep" or "unknown")))
        {
            Assert.That(bench.Told(8010).Count(t => t.Contains($"endpoint {id},", StringComparison.Ordinal)), Is.EqualTo(1), id);
        }
    }

    private static Fault? Play(Random random, int endpoint, OmfPost post)
    {
        lock (random)
        {
            return random.Next(100) >= 8 * endpoint ? null : random.Next(9) switch
            {
                0 => new Fault.Hang(),
                1 => new Fault.Cut(),
                2 => new Fault.CutAfterwards(),
                3 => new Fault.Status(429, "20"),
                4 => new Fault.Status(503),

                // Of what describes the values, it would be the receiver that makes them unknown.
                5 when post.Kind == "data" => new Fault.Status(400),
                6 when post.Kind == "data" => new Fault.Amnesia(),
                7 when post.Kind == "data" => new Fault.Status(500),
                _ => new Fault.Status(401),
            };
        }
    }

    // Of what was taken, not of what is there: some endpoints forget.
    private static IEnumerable<DateTimeOffset> Times(StrictReceiver receiver) => receiver.Taken
        .Where(p => p.Kind == "data")
        .Select(p => p.Json()[0].GetProperty("values")[0].GetProperty("Timestamp").GetDateTimeOffset())
        .Distinct();

    private static IEnumerable<(DateTimeOffset Time, string Reason)> Dropped(HealthBench bench, string id) => bench.Told(8018)
        .Select(t => Line().Match(t))
        .Where(m => m.Groups["id"].Value == id)
        .Select(m => (DateTimeOffset.Parse(m.Groups["time"].Value, CultureInfo.InvariantCulture), m.Groups["reason"].Value));

    private static Task<HttpResponseMessage> Reply(HttpStatusCode status, string body, Action<HttpResponseMessage>? change = null)
    {
        var response = new HttpResponseMessage(status) { Content = new StringContent(body) };
        change?.Invoke(response);
        return Task.FromResult(response);
    }

    private static async Task<HttpResponseMessage> Forever(CancellationToken cancellation)
    {
        await Task.Delay(Timeout.Infinite, cancellation);
        throw new InvalidOperationException();
    }

    [GeneratedRegex("of (?<time>[^ ]+) is not sent to endpoint (?<id>[^ ]+): (?<reason>.+)$")]
    private static partial Regex Line();

    private sealed class Script(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler, IHangs
    {
        private CancellationToken? _hanging;

        public bool IsHanging => _hanging is { IsCancellationRequested: false };

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var reply = answer(request, cancellationToken);
            _hanging = reply.IsCompleted ? null : cancellationToken;
            return reply;
        }
    }
}
