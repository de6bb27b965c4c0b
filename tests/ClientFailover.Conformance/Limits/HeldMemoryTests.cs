using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Http.Json;
using ClientFailover.Conformance.Fuzz;
using ClientFailover.Conformance.Running;
using NUnit.Framework;

namespace ClientFailover.Conformance.Limits;

/// <summary>One account, one connection over HTTP/2, and all that the service could be made to keep for it.</summary>
[Platform("Linux", Reason = "Windows tells another working set.")]
internal sealed class HeldMemoryTests : OwnService
{
    private const long Mebibyte = 1024 * 1024;
    private const int Frame = 16 * 1024;

    // The limits that are met sooner are not for here.
    private protected override string[] Settings =>
        [.. RunningService.Quick, "--MaxInputPerSecond", "0", "--MaxRequestsPerSecondPerCaller", "0", "--FailedHeartbeatsAtOnce", "0"];

    [Test]
    public async Task Bodies_ThatDoNotEnd_AreNotKeptAndOthersServed()
    {
        // Within the window of a stream, so that only the connection's has to be looked at.
        const int streams = 1000;
        const int frames = 7;
        var group = CallerActions.NewId();
        await Caller.CreatePairAsync(group);
        using var user = new Caller(Service, Service.User.Header);
        var (before, refused) = (WorkingSet(), await Caller.RefusedAsync("bodies"));
        using var patience = new CancellationTokenSource(RunningService.Patience);
        using var connection = await Http2Connection.OpenAsync(Service.Grpc, patience.Token);
        await connection.SendAsync(Http2Connection.Preface(), isLast: false, patience.Token);
        using var window = new Window(connection, patience.Token);

        for (var stream = 1; stream < 2 * streams; stream += 2)
        {
            await connection.SendAsync(Head(stream, "POST", $"groups/{group}/clientsessions/nobody/heartbeat"), isLast: false, patience.Token);
            for (var frame = 0; frame < frames; frame++)
            {
                await window.TakeAsync(Frame);
                var data = new List<byte>();
                Http2Connection.Write(data, Http2Connection.Data, 0, stream, new byte[Frame]);
                await connection.SendAsync([.. data], isLast: false, patience.Token);
            }

            if (stream % 100 == 1)
            {
                await user.BeatAsync(group, "a", 50);
            }
        }

        await Caller.UntilRefusedAsync("bodies", refused + 1);
        Assert.That(WorkingSet() - before, Is.LessThan(64 * Mebibyte));
        await user.BeatAsync(group, "a", 50);
    }

    [Test]
    public async Task Answers_ThatAreNotRead_AreNotMadeAndOthersServed()
    {
        const int lists = 50;
        var group = await CreateLargeGroupAsync(sessions: 100);
        using var other = new Caller(Service, Service.User.Header);
        await other.Sessions.ListSessionsAsync(new V1.ListSessionsRequest { GroupId = group });
        var (before, refused) = (WorkingSet(), await other.RefusedAsync("answers"));
        using var patience = new CancellationTokenSource(RunningService.Patience);
        using var connection = await Http2Connection.OpenAsync(Service.Grpc, patience.Token);
        await connection.SendAsync(PrefaceWithoutWindow(), isLast: false, patience.Token);
        await connection.SendAsync(
            [.. Enumerable.Range(0, lists).SelectMany(i => Head(1 + (2 * i), "GET", $"groups/{group}/clientsessions", Http2Connection.EndStream))],
            isLast: false,
            patience.Token);

        for (var begun = 0; begun < lists;)
        {
            var frame = await connection.ReadAsync(patience.Token);
            Assert.That(frame, Is.Not.Null, "The connection ended.");
            begun += frame!.Value.Type == Http2Connection.Headers ? 1 : 0;
        }

        await other.UntilRefusedAsync("answers", refused + lists - 1);
        Assert.That(WorkingSet() - before, Is.LessThan(64 * Mebibyte));
        var list = await other.Sessions.ListSessionsAsync(new V1.ListSessionsRequest { GroupId = group });
        Assert.That(list.Sessions, Has.Count.EqualTo(100));
    }

    [Test]
    public async Task Answers_ThatAreRead_AreNotRefused()
    {
        var group = await CreateLargeGroupAsync(sessions: 100);
        var before = await Caller.RefusedAsync("answers");

        for (var i = 0; i < 10; i++)
        {
            Assert.That(await Caller.Rest.GetStringAsync($"groups/{group}/clientsessions"), Has.Length.GreaterThan(1_000_000));
        }

        Assert.That(await Caller.RefusedAsync("answers"), Is.EqualTo(before));
    }

    private static byte[] PrefaceWithoutWindow()
    {
        var preface = new List<byte>("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray());
        Http2Connection.Write(preface, Http2Connection.Settings, 0, 0, [0, 1, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0]);
        return [.. preface];
    }

    private byte[] Head(int stream, string method, string path, byte more = 0)
    {
        var head = new List<byte>();
        Http2Connection.Write(head, Http2Connection.Headers, (byte)(Http2Connection.EndHeaders | more), stream, Hpack.Encode(
        [
            (":method", method), (":scheme", "http"), (":path", $"/api/v1/clientfailover/{path}"), (":authority", "localhost"),
            ("authorization", Service.Administrator.Header.ToString()), ("content-type", "application/json"),
        ]));
        return [.. head];
    }

    private async Task<string> CreateLargeGroupAsync(int sessions)
    {
        var group = CallerActions.NewId();
        await Caller.CreateGroupAsync(group);
        var data = Enumerable.Range(0, 10).ToDictionary(i => $"k{i}", _ => new string('v', 1_500));
        for (var i = 0; i < sessions; i++)
        {
            using var reply = await Caller.Rest.PostAsJsonAsync($"groups/{group}/clientsessions", new { Id = $"s{i}", AdditionalData = data });
            Assert.That((int)reply.StatusCode, Is.EqualTo(201));
        }

        return group;
    }

    private long WorkingSet()
    {
        using var process = Process.GetProcessById(Service.ProcessId);
        return process.WorkingSet64;
    }

    /// <summary>How much the connection may send, as the service gives leave to.</summary>
    private sealed class Window : IDisposable
    {
        private readonly SemaphoreSlim _more = new(0);
        private readonly CancellationToken _patience;
        private long _left = 65_535;

        public Window(Http2Connection connection, CancellationToken patience)
        {
            _patience = patience;
            _ = ReadAsync(connection);
        }

        public async Task TakeAsync(int bytes)
        {
            while (Interlocked.Read(ref _left) < bytes)
            {
                await _more.WaitAsync(_patience);
            }

            Interlocked.Add(ref _left, -bytes);
        }

        public void Dispose() => _more.Dispose();

        private async Task ReadAsync(Http2Connection connection)
        {
            try
            {
                while (await connection.ReadAsync(_patience) is { } frame)
                {
                    if (frame is { Type: Http2Connection.WindowUpdate, Stream: 0 })
                    {
                        Interlocked.Add(ref _left, BinaryPrimitives.ReadInt32BigEndian(frame.Payload));
                        _more.Release();
                    }
                }
            }
            catch (Exception e) when (e is ObjectDisposedException or OperationCanceledException)
            {
                // The test is over.
            }
        }
    }
}
