using System.Buffers.Binary;
using System.Diagnostics;
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

    private protected override string[] Settings => [.. RunningService.Quick, "--MaxInputPerSecond", "0"];

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
