using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using ClientFailover.Conformance.Fuzz;
using ClientFailover.Conformance.Running;
using NUnit.Framework;

namespace ClientFailover.Conformance.Limits;

/// <summary>Answers to heartbeats that go on failing are held back; good heartbeats never are, whoever shares their connection or account.</summary>
internal sealed class PaceTests : OwnService
{
    private const string Pace = "pace";
    private const string Nobody = "nobody";

    // Heartbeats that fail in a row before the answers to more of them wait.
    private const int FailuresAtOnce = 10;

    // As long as what a scrape answers may be old.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(0.3);

    // Scrapes are requests.
    private protected override string[] Settings => [.. RunningService.Quick, "--MaxRequestsPerSecondPerCaller", "1000000"];

    [Test]
    public async Task Heartbeats_OfOneConnection_OnlyThoseThatGoOnFailingWait()
    {
        var group = CallerActions.NewId();
        await Caller.CreatePairAsync(group);
        using var user = new Caller(Service, Service.User.Header);
        await Caller.LetPassAsync(Settling);
        var before = await Caller.RefusedAsync(Pace);

        await FailAsync(user, group, FailuresAtOnce + 2);
        for (var i = 0; i < 20; i++)
        {
            await user.BeatAsync(group, "a", 50);
        }

        // The count has begun anew.
        await FailAsync(user, group, FailuresAtOnce + 1);
        await Caller.LetPassAsync(Settling);

        Assert.That(await Caller.RefusedAsync(Pace) - before, Is.EqualTo(2 + 1));
        Assert.That(user.Connections, Is.EqualTo(1));
    }

    [Test]
    public async Task Heartbeat_GoodAndSentAfterThoseThatWait_IsAnsweredBeforeThem()
    {
        const int waiting = 8;
        var group = CallerActions.NewId();
        await Caller.CreatePairAsync(group);
        using var patience = new CancellationTokenSource(RunningService.Patience);
        using var connection = await Http2Connection.OpenAsync(Service.Grpc, patience.Token);
        await connection.SendAsync(Http2Connection.Preface(), isLast: false, patience.Token);
        var stream = -1;

        // Those that wait do so for a second. A machine that takes longer to answer a good one is given more chances.
        for (var isAhead = false; !isAhead;)
        {
            for (var i = 0; i < 2; i++)
            {
                await SendAsync(Nobody, 2 * FailuresAtOnce);
                await AnsweredAsync(2 * FailuresAtOnce);
            }

            await SendAsync(Nobody, waiting);
            for (var i = 0; i < 20; i++)
            {
                await Caller.BeatAsync(group, "b", 50);
            }

            await SendAsync("a", 1);
            isAhead = (await AnsweredAsync(waiting + 1))[^1] != stream;
        }

        async Task SendAsync(string session, int count)
        {
            var frames = new List<byte>();
            for (var i = 0; i < count; i++)
            {
                stream += 2;
                Write(frames, stream, group, session);
            }

            await connection.SendAsync([.. frames], isLast: false, patience.Token);
        }

        async Task<List<int>> AnsweredAsync(int count)
        {
            var answered = new List<int>();
            while (answered.Count < count)
            {
                var frame = await connection.ReadAsync(patience.Token);
                Assert.That(frame, Is.Not.Null, "The connection ended.");
                if (frame!.Value.Type == Http2Connection.Headers)
                {
                    answered.Add(frame.Value.Stream);
                }
            }

            return answered;
        }
    }

    [Test]
    public async Task Heartbeats_FailByTheThousandOnAFewConnections_OthersAreServedAndWaitAsBefore()
    {
        var group = CallerActions.NewId();
        await Caller.CreatePairAsync(group);
        using var user = new Caller(Service, Service.User.Header);

        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => FloodAsync(group)));
        await user.BeatAsync(group, "a", 50);
        var clock = Stopwatch.StartNew();
        await FailAsync(user, group, FailuresAtOnce + 2);

        Assert.That(clock.Elapsed, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(0.3)), "There is room for those two to wait: 0.1 s and 0.2 s.");
    }

    [Test]
    public async Task Heartbeats_GoodOnesOfTheSameAccount_AreAnsweredWhileThoseOfAnotherConnectionWait()
    {
        const int beats = 50;
        var group = CallerActions.NewId();
        await Caller.CreatePairAsync(group);
        using var user = new Caller(Service, Service.User.Header);
        await Caller.LetPassAsync(Settling);
        var before = await Caller.RefusedAsync(Pace);
        using var failing = await BareConnection.OpenAsync(Service.Http, from: 1);
        var sending = failing.SendAsync(string.Concat(Enumerable.Repeat(
            $"POST {PathOf(group, Nobody)} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {Service.User.Header}\r\n"
            + "Content-Type: application/json\r\nContent-Length: 20\r\n\r\n{\"FailoverScore\":50}",
            200)));

        // From here on each of them is answered a second after the one before.
        await Caller.UntilRefusedAsync(Pace, before + FailuresAtOnce);
        before = await Caller.RefusedAsync(Pace);
        for (var i = 0; i < beats; i++)
        {
            await user.BeatAsync(group, "a", 50);
        }

        Assert.That(await Caller.RefusedAsync(Pace) - before, Is.LessThan(beats / 2), "They take turns with nobody.");
        failing.Dispose();
        await sending;
    }

    /// <summary>Goes on until all are answered, or the connection is cut.</summary>
    private async Task FloodAsync(string group)
    {
        using var patience = new CancellationTokenSource(RunningService.Patience);
        const int Beats = 4096;
        using var connection = await Http2Connection.OpenAsync(Service.Grpc, patience.Token);
        var frames = new List<byte>(Http2Connection.Preface());
        for (var i = 0; i < Beats; i++)
        {
            Write(frames, 1 + (2 * i), group, Nobody);
        }

        var sending = connection.SendAsync([.. frames], isLast: false, patience.Token);
        for (var answers = 0; answers < Beats && await connection.ReadAsync(patience.Token) is { } frame;)
        {
            answers += frame.Type == Http2Connection.Headers ? 1 : 0;
        }

        Assert.That(patience.IsCancellationRequested, Is.False);
        await sending;
    }

    private void Write(List<byte> frames, int stream, string group, string session)
    {
        Http2Connection.Write(frames, Http2Connection.Headers, Http2Connection.EndHeaders, stream, Hpack.Encode(
        [
            (":method", "POST"), (":scheme", "http"), (":path", PathOf(group, session)), (":authority", "localhost"),
            ("authorization", Service.User.Header.ToString()), ("content-type", "application/json"),
        ]));
        Http2Connection.Write(frames, Http2Connection.Data, Http2Connection.EndStream, stream, """{"FailoverScore":50}"""u8);
    }

    private static string PathOf(string group, string session) => $"/api/v1/clientfailover/groups/{group}/clientsessions/{session}/heartbeat";

    private static async Task FailAsync(Caller caller, string group, int count)
    {
        for (var i = 0; i < count; i++)
        {
            using var response = await caller.Rest.PostAsJsonAsync(new Uri(PathOf(group, Nobody), UriKind.Relative), new { FailoverScore = 50 });
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        }
    }
}
