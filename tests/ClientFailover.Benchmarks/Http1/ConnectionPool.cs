using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ClientFailover.Benchmarks.Http1;

/// <summary>Responsible for many kept-alive connections, all driven by the one thread that calls it.</summary>
internal sealed class ConnectionPool : IDisposable
{
    private readonly Http1Connection[] _connections;
    private readonly Dictionary<Socket, Http1Connection> _bySocket;
    private readonly List<Socket> _ready = [];

    /// <summary>Connects.</summary>
    /// <param name="endpoint">The server.</param>
    /// <param name="count">How many connections.</param>
    public ConnectionPool(IPEndPoint endpoint, int count)
    {
        _connections = [.. Enumerable.Range(0, count).Select(_ => new Http1Connection(endpoint))];
        _bySocket = _connections.ToDictionary(connection => connection.Socket);
    }

    /// <summary>The connections.</summary>
    public IReadOnlyList<Http1Connection> Connections => _connections;

    /// <summary>Handles what has arrived, and waits for something if nothing has.</summary>
    /// <param name="wait">How long to wait at most.</param>
    /// <param name="onSuccess">Called for each connection whose call succeeded.</param>
    /// <exception cref="InvalidOperationException">A call failed.</exception>
    public void Pump(TimeSpan wait, Action<Http1Connection> onSuccess)
    {
        _ready.Clear();
        _ready.AddRange(_bySocket.Keys);
        Socket.Select(_ready, null, null, wait);
        foreach (var socket in _ready)
        {
            var connection = _bySocket[socket];
            if (connection.TryReceive(out var status, out var body))
            {
                if (status is < 200 or >= 300)
                {
                    throw new InvalidOperationException($"The server answered {status}: {Encoding.UTF8.GetString(body)}");
                }

                onSuccess(connection);
            }
        }
    }

    /// <summary>Sends calls, one at a time on each connection, until all are answered.</summary>
    /// <param name="requests">The calls.</param>
    public void SendAll(IEnumerable<byte[]> requests)
    {
        using var next = requests.GetEnumerator();
        var underWay = 0;
        foreach (var connection in _connections)
        {
            SendNext(connection);
        }

        while (underWay > 0)
        {
            Pump(TimeSpan.FromSeconds(1), connection =>
            {
                underWay--;
                SendNext(connection);
            });
        }

        void SendNext(Http1Connection connection)
        {
            if (next.MoveNext())
            {
                connection.Send(next.Current);
                underWay++;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var connection in _connections)
        {
            connection.Dispose();
        }
    }
}
