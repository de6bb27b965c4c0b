using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ClientFailover.Conformance.Client;

/// <summary>Responsible for an address that stays while the service behind it is another one, or none.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, byte> _sockets = new();
    private readonly Task _accepting;
    private volatile Uri? _target;

    /// <summary>Listens.</summary>
    /// <param name="target">What is behind it.</param>
    public Relay(Uri target)
    {
        _target = target;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    /// <summary>Its port.</summary>
    public int Port { get; }

    /// <summary>Cuts every connection, and puts another service behind it.</summary>
    /// <param name="target">The service; null: none, connections are refused.</param>
    public void Turn(Uri? target)
    {
        _target = target;
        foreach (var socket in _sockets.Keys)
        {
            socket.Dispose();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        Turn(null);
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = CarryAsync(await _listener.AcceptSocketAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task CarryAsync(Socket near)
    {
        using var far = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _sockets[near] = _sockets[far] = 0;
            if (_target is { } target)
            {
                await far.ConnectAsync(target.Host, target.Port);
                using NetworkStream nearStream = new(near), farStream = new(far);
                await Task.WhenAny(nearStream.CopyToAsync(farStream), farStream.CopyToAsync(nearStream));
            }
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
        {
            // Either end has gone.
        }
        finally
        {
            near.Dispose();
            _sockets.TryRemove(near, out _);
            _sockets.TryRemove(far, out _);
        }
    }
}
