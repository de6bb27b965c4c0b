using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using ClientFailover.Benchmarks.Fleets;
using ClientFailover.Benchmarks.Http1;
using ClientFailover.Benchmarks.Processes;

namespace ClientFailover.Benchmarks.Flood;

/// <summary>
/// Responsible for adapters that do nothing wrong: each sends a heartbeat every second over a connection of its own. Measures from the time
/// a heartbeat was due to its answer. For use by one thread.
/// </summary>
internal sealed class Victims : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly RestFleet _fleet;
    private readonly Http1Connection[] _connections;
    private readonly Dictionary<Socket, int> _bySocket;
    private readonly TimeSpan[] _due;
    private readonly TimeSpan?[] _asked;
    private readonly int?[] _roles;
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    /// <summary>Registers them.</summary>
    /// <param name="server">The service.</param>
    /// <param name="plan">How many there are.</param>
    public Victims(ServerAddress server, FleetPlan plan)
    {
        _fleet = new RestFleet(server, plan);
        using (var pool = new ConnectionPool(server.Rest, 8))
        {
            _fleet.Register(pool);
        }

        _connections = [.. Enumerable.Range(0, plan.Sessions).Select(_ => new Http1Connection(server.Rest))];
        _bySocket = Enumerable.Range(0, plan.Sessions).ToDictionary(i => _connections[i].Socket);
        _due = [.. Enumerable.Range(0, plan.Sessions).Select(i => _clock.Elapsed + (Interval * i / plan.Sessions))];
        _asked = new TimeSpan?[plan.Sessions];
        _roles = new int?[plan.Sessions];
    }

    /// <summary>How often one was told another role than before.</summary>
    public int RoleChanges { get; private set; }

    /// <summary>Beats for a time.</summary>
    /// <param name="time">How long.</param>
    /// <returns>How long each answer took, in milliseconds.</returns>
    public IReadOnlyList<double> Beat(TimeSpan time)
    {
        var took = new List<double>();
        var end = _clock.Elapsed + time;
        var ready = new List<Socket>();
        while (_clock.Elapsed < end)
        {
            SendDue();
            ready.Clear();
            ready.AddRange(_bySocket.Where(s => _asked[s.Value] is not null).Select(s => s.Key));
            if (ready.Count == 0)
            {
                Thread.Sleep(1);
                continue;
            }

            Socket.Select(ready, null, null, TimeSpan.FromMilliseconds(1));
            took.AddRange(ready.Select(Receive).OfType<double>());
        }

        return took;
    }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_connections, c => c.Dispose());

    private void SendDue()
    {
        for (var i = 0; i < _connections.Length; i++)
        {
            if (_asked[i] is null && _due[i] <= _clock.Elapsed)
            {
                _connections[i].Send(_fleet.Heartbeat(i));
                _asked[i] = _due[i];

                // After an answer that was late, the next heartbeat must not come too soon.
                _due[i] = _clock.Elapsed + (0.9 * Interval) is var soonest && _due[i] + Interval < soonest ? soonest : _due[i] + Interval;
            }
        }
    }

    private double? Receive(Socket socket)
    {
        var i = _bySocket[socket];
        if (!_connections[i].TryReceive(out var status, out var body))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(body);
        if (status == 200)
        {
            var role = text[text.IndexOf("\"Role\":", StringComparison.Ordinal) + "\"Role\":".Length] - '0';
            RoleChanges += _roles[i] is { } before && before != role ? 1 : 0;
            _roles[i] = role;
        }
        else if (!text.Contains("HEARTBEAT_TOO_SOON", StringComparison.Ordinal))
        {
            // Too soon is an answer: when the one before arrived late, the service saw them closer together than they were sent.
            throw new InvalidOperationException($"A heartbeat was answered {status}: {text}");
        }

        var took = _clock.Elapsed - _asked[i]!.Value;
        _asked[i] = null;
        return took.TotalMilliseconds;
    }
}
