using System.Net;
using System.Net.Sockets;

namespace ClientFailover.Samples.Tests.Modbus;

/// <summary>A device that answers each request with exactly the bytes that a test wants.</summary>
internal sealed class ScriptedDevice : IDisposable
{
    private const int RequestLength = 12;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();

    /// <param name="answer">The pieces of the answer to a request; none: silence; null: the end of the connection.</param>
    public ScriptedDevice(Func<byte[], byte[][]?> answer)
    {
        _listener.Start();
        _ = ServeAsync(answer);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The right answer to a request to read.</summary>
    public static byte[] Answer(byte[] request, params ushort[] registers) =>
    [
        request[0], request[1], 0, 0, 0, (byte)(3 + (2 * registers.Length)), request[6],
        3, (byte)(2 * registers.Length), .. registers.SelectMany(register => new[] { (byte)(register >> 8), (byte)register }),
    ];

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync(Func<byte[], byte[][]?> answer)
    {
        using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
        client.NoDelay = true;
        var stream = client.GetStream();
        var request = new byte[RequestLength];
        while (await stream.ReadAtLeastAsync(request, RequestLength, throwOnEndOfStream: false, _stop.Token) == RequestLength
            && answer(request) is { } pieces)
        {
            foreach (var piece in pieces)
            {
                await stream.WriteAsync(piece, _stop.Token);
                await Task.Yield();
            }
        }
    }
}
