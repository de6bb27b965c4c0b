using System.Net;
using System.Net.Sockets;

namespace ClientFailover.Continuity.Network;

/// <summary>Responsible for one connection through a <see cref="Proxy"/>: bytes, ends and resets pass, when the way is passable.</summary>
internal sealed class ProxiedConnection(Proxy proxy, Socket client)
{
    private const int BufferSize = 16 * 1024;

    private readonly Socket _server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    /// <summary>Passes everything on until both sides have ended.</summary>
    public async Task RunAsync(Func<IPEndPoint> target)
    {
        client.NoDelay = true;
        try
        {
            await proxy.WhenPassable;
            await _server.ConnectAsync(target());
            await Task.WhenAll(PassAsync(client, _server), PassAsync(_server, client));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // One side is gone: so the other is told, as soon as anything can be told.
            await proxy.WhenPassable;
        }

        Reset();
        proxy.Remove(this);
    }

    /// <summary>Ends it for both sides, as if the other had died.</summary>
    public void Reset()
    {
        Reset(client);
        Reset(_server);
    }

    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It has ended.
        }

        socket.Dispose();
    }

    private async Task PassAsync(Socket from, Socket to)
    {
        try
        {
            var buffer = new byte[BufferSize];
            while (await from.ReceiveAsync(buffer) is > 0 and var count)
            {
                await proxy.WhenPassable;
                for (var sent = 0; sent < count;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent));
                }
            }

            await proxy.WhenPassable;
            to.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The other direction must not wait for a peer that is gone.
            await proxy.WhenPassable;
            Reset();
            throw;
        }
    }
}
