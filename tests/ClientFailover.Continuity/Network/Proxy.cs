using System.Net;
using System.Net.Sockets;

namespace ClientFailover.Continuity.Network;

/// <summary>
/// Responsible for one way through the network that the bench can cut: listens on loopback and passes everything on to
/// whatever is the target at the time of the connection.
/// </summary>
internal sealed class Proxy : IAsyncDisposable
{
    // Outside the range from which the system gives ports by itself: none is lost while a cut way refuses connections.
    private const int FirstPort = 20_000;
    private const int LastPort = 32_000;

    private readonly Lock _gate = new();
    private readonly HashSet<ProxiedConnection> _connections = [];
    private readonly Func<IPEndPoint> _target;
    private Socket? _listener;
    private TaskCompletionSource _passable = Passable();
    private bool _isDisposed;

    /// <summary>Opens the way.</summary>
    /// <param name="target">Asked for each connection: a service that was restarted may listen elsewhere.</param>
    public Proxy(Func<IPEndPoint> target)
    {
        _target = target;
        _listener = Bind(out var port);
        Port = port;
        _ = AcceptAsync(_listener);
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>Completed while data may pass.</summary>
    public Task WhenPassable
    {
        get
        {
            lock (_gate)
            {
                return _passable.Task;
            }
        }
    }

    /// <summary>Cuts it.</summary>
    public void Close(Cut cut)
    {
        ProxiedConnection[] resets = [];
        lock (_gate)
        {
            if (cut == Cut.Silent)
            {
                _passable = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                return;
            }

            _listener?.Dispose();
            _listener = null;
            resets = [.. _connections];
        }

        foreach (var connection in resets)
        {
            connection.Reset();
        }
    }

    /// <summary>Mends it. What was sent into a silent cut arrives now, as TCP would send it again.</summary>
    public void Open()
    {
        lock (_gate)
        {
            _passable.TrySetResult();
            if (_listener is null && !_isDisposed)
            {
                _listener = Listen(Port, isAgain: true);
                _ = AcceptAsync(_listener);
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _isDisposed = true;
        }

        Close(Cut.Refused);
        Open();
        return ValueTask.CompletedTask;
    }

    /// <summary>Forgets a connection that has ended.</summary>
    public void Remove(ProxiedConnection connection)
    {
        lock (_gate)
        {
            _connections.Remove(connection);
        }
    }

    private static TaskCompletionSource Passable()
    {
        var passable = new TaskCompletionSource();
        passable.SetResult();
        return passable;
    }

    private static Socket Bind(out int port)
    {
        while (true)
        {
            port = Random.Shared.Next(FirstPort, LastPort);
            try
            {
                return Listen(port, isAgain: false);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Somebody else's; there are others.
            }
        }
    }

    private static Socket Listen(int port, bool isAgain)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (isAgain)
            {
                // Connections that have just ended still hold the port.
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            }

            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen();
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await listener.AcceptAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }

            var connection = new ProxiedConnection(this, client);
            lock (_gate)
            {
                _connections.Add(connection);
            }

            _ = connection.RunAsync(_target);
        }
    }
}
