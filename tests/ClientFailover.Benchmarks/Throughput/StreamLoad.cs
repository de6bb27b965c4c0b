using ClientFailover.Benchmarks.Fleets;
using ClientFailover.Benchmarks.Processes;

namespace ClientFailover.Benchmarks.Throughput;

/// <summary>Heartbeats on streams: each adapter sends the next one when the last one is answered.</summary>
internal sealed class StreamLoad : ILoad, IFleetObserver
{
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(10);

    private readonly StreamFleet _fleet;
    private bool _running;
    private int _outstanding;

    /// <summary>Connects all adapters.</summary>
    /// <param name="server">The server.</param>
    /// <param name="plan">How many adapters there are.</param>
    public StreamLoad(ServerProcess server, FleetPlan plan)
    {
        Server = server.Process;
        _fleet = new StreamFleet(server.Address, plan) { Observer = this };
        _fleet.Open();
    }

    /// <inheritdoc/>
    public ChildProcess Server { get; }

    /// <inheritdoc/>
    public long Answers { get; private set; }

    /// <inheritdoc/>
    public void Start()
    {
        _running = true;
        _outstanding = _fleet.Sessions.Count;
        foreach (var session in _fleet.Sessions)
        {
            session.Beat();
        }

        _fleet.Flush();
    }

    /// <inheritdoc/>
    public void Pump() => _fleet.Pump(Wait);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The server refused heartbeats: the figures would mean nothing.</exception>
    public void Stop()
    {
        _running = false;
        while (_outstanding > 0 && _fleet.Notices == 0)
        {
            Pump();
        }

        if (_fleet.Notices > 0)
        {
            throw new InvalidOperationException($"The server refused {_fleet.Notices} heartbeats.");
        }
    }

    /// <inheritdoc/>
    public void OnReply(StreamSession session, ReadOnlySpan<byte> message)
    {
        Answers++;
        if (_running)
        {
            session.Beat();
        }
        else
        {
            _outstanding--;
        }
    }

    /// <inheritdoc/>
    public void OnAssignment(StreamSession session, ReadOnlySpan<byte> message)
    {
    }

    /// <inheritdoc/>
    public void Dispose() => _fleet.Dispose();
}
