using System.Net;
using System.Text;
using ClientFailover.Conformance.Running;
using ClientFailover.Conformance.Telemetry;
using Grpc.Core;
using NUnit.Framework;

namespace ClientFailover.Conformance.Limits;

/// <summary>Somebody makes more requests than it may.</summary>
internal sealed class RequestLimitTests : OwnService
{
    private protected override string[] Settings => [.. RunningService.Quick, "--MaxRequestsPerSecondPerCaller", "5"];

    [Test]
    public async Task Requests_MoreThanACallerMayMake_AreRefusedWithAReason()
    {
        var (reply, body) = await UntilRefusedAsync(() => Caller.Rest.GetAsync("groups"));

        Assert.That(reply.Headers.RetryAfter!.Delta, Is.EqualTo(TimeSpan.FromSeconds(1)));
        Assert.That(body, Does.Contain("\"Code\":\"TOO_MANY_REQUESTS\"").And.Contain("Retry-After"));

        // The answer came when another request might be made: of many at once one is refused all the same.
        var calls = Enumerable.Range(0, 30).Select(_ => Caller.Groups.ListGroupsAsync(new V1.ListGroupsRequest())).ToList();
        await Task.WhenAny(Task.WhenAll(calls.Select(c => c.ResponseAsync)));
        var native = Refusals.Of(calls.First(c => c.ResponseAsync.IsFaulted));
        native.MustBe(StatusCode.ResourceExhausted, "TOO_MANY_REQUESTS");
        await UntilCountedAsync();
    }

    [Test]
    public async Task Heartbeats_AnyNumber_AreNeverRefused()
    {
        using var user = new Caller(Service, Service.User.Header);
        var group = CallerActions.NewId();
        await Caller.PatientlyAsync(c => c.CreatePairAsync(group));

        for (var i = 0; i < 100; i++)
        {
            await user.BeatAsync(group, "a", 50);
        }
    }

    [Test]
    public async Task Requests_SentAheadByTheThousand_AreAnsweredOneAfterTheOther()
    {
        using var connection = await BareConnection.OpenAsync(Service.Http, from: 20);
        var sending = connection.SendAsync(
            Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("GET /api/v1/clientfailover HTTP/1.1\r\nHost: localhost\r\n\r\n", 1000))));

        // Those of the first two seconds are told that they need credentials. Each further one waits until it may be made.
        var answers = string.Empty;
        while (Count(answers, "HTTP/1.1 429 ") < 3)
        {
            answers += await connection.ReadUntilAsync("\r\n\r\n");
        }

        Assert.That(answers, Does.StartWith("HTTP/1.1 401 "));
        Assert.That(Count(answers, "HTTP/1.1 "), Is.LessThan(100), "The rest waits in the network.");
        connection.Dispose();
        await sending;
    }

    // Scrapes are requests, and some of them are refused themselves.
    private async Task UntilCountedAsync()
    {
        for (var seen = 0.0; seen < 2;)
        {
            using var reply = await Caller.Rest.GetAsync("/metrics");
            seen = reply.IsSuccessStatusCode
                ? ScrapedText.Value(await reply.Content.ReadAsStringAsync(), "clientfailover_limits_refused_total", "limit=\"requests\"")!.Value
                : seen;
        }
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private static async Task<(HttpResponseMessage Reply, string Body)> UntilRefusedAsync(Func<Task<HttpResponseMessage>> call)
    {
        while (true)
        {
            var reply = await call();
            if (reply.StatusCode == HttpStatusCode.TooManyRequests)
            {
                return (reply, await reply.Content.ReadAsStringAsync());
            }

            Assert.That(reply.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        }
    }
}
