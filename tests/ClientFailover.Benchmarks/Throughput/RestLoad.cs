using System.Buffers.Text;
using ClientFailover.Benchmarks.Fleets;
using ClientFailover.Benchmarks.Http1;
using ClientFailover.Benchmarks.Processes;

namespace ClientFailover.Benchmarks.Throughput;

/// <summary>REST heartbeats on kept-alive connections: each sends the next one when the last one is answered.</summary>
internal sealed class RestLoad : ILoad
{
    private const int Connections = 64;
    private const int TimestampLength = 28;
    private const int TimestampFromEnd = TimestampLength + 2;

    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(10);

    private readonly ConnectionPool _pool;
    private readonly byte[][] _requests;
    private bool _running;
    private int _next;
    private int _outstanding;

    /// <summary>Connects, and prepares the heartbeats of all adapters.</summary>
    /// <param name="server">The server.</param>
    /// <param name="plan">How many adapters there are.</param>
    /// <param name="register">Whether they have to be registered first.</param>
    /// <param name="pathPrefix">Before the documented path.</param>
    public RestLoad(ServerProcess server, FleetPlan plan, bool register, string pathPrefix = "")
    {
        Server = server.Process;
        _pool = new ConnectionPool(server.Address.Rest, Connections);
        var fleet = new RestFleet(server.Address, plan);
        if (register)
        {
            fleet.Register(_pool);
        }

        _requests = [.. Enumerable.Range(0, plan.Sessions).Select(session => fleet.Heartbeat(session, pathPrefix))];
    }

    /// <inheritdoc/>
    public ChildProcess Server { get; }

    /// <inheritdoc/>
    public long Answers { get; private set; }

    /// <inheritdoc/>
    public void Start()
    {
        _running = true;
        foreach (var connection in _pool.Connections)
        {
            Send(connection);
        }
    }

    /// <inheritdoc/>
    public void Pump() => _pool.Pump(Wait, OnAnswer);

    /// <inheritdoc/>
    public void Stop()
    {
        _running = false;
        while (_outstanding > 0)
        {
            Pump();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _pool.Dispose();

    private void OnAnswer(Http1Connection connection)
    {
        Answers++;
        _outstanding--;
        if (_running)
        {
            Send(connection);
        }
    }

    private void Send(Http1Connection connection)
    {
        var request = _requests[_next];
        _next = (_next + 1) % _requests.Length;
        _ = Utf8Formatter.TryFormat(DateTime.UtcNow, request.AsSpan(request.Length - TimestampFromEnd), out _, 'O');
        connection.Send(request);
        _outstanding++;
    }
}
