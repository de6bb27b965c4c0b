using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ClientFailover.Continuity.Plant;

/// <summary>
/// Responsible for the sources of all groups: a small TCP server that tells every connected client each tick the moment
/// it is, and never again. Who has taken which tick is on record.
/// </summary>
internal sealed class SourceServer : IAsyncDisposable
{
    /// <summary>What is kept for a client that is only slow, as everything is on a busy machine.</summary>
    public static readonly TimeSpan Queue = TimeSpan.FromSeconds(10);

    /// <summary>What is kept for a client that the bench has frozen or cut off: the queue that protocols of the field keep for a subscriber.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(0.5);

    // A tick that is later than this tells of a busy machine.
    private static readonly TimeSpan Punctual = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _stop = new();
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ConcurrentBag<SourceClient> _clients = [];
    private readonly DateTimeOffset _start = new(DateTimeOffset.UtcNow.Ticks / Signal.Interval.Ticks * Signal.Interval.Ticks, TimeSpan.Zero);
    private readonly ConcurrentDictionary<(string Group, string Adapter), bool> _limited = new();
    private readonly ConcurrentQueue<(DateTimeOffset Time, TimeSpan Late)> _lateTicks = new();
    private readonly Thread _ticking;
    private long _tick;

    /// <summary>Starts it.</summary>
    public SourceServer()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Address = (IPEndPoint)_listener.LocalEndPoint!;
        _ = AcceptAsync();
        _ticking = new Thread(TickUntilStopped) { IsBackground = true, Name = "Source", Priority = ThreadPriority.Highest };
        _ticking.Start();
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Address { get; }

    /// <summary>The last tick that was told.</summary>
    public long Tick => Interlocked.Read(ref _tick);

    /// <summary>When a tick is.</summary>
    public DateTimeOffset TimeOf(long tick) => _start + (tick * Signal.Interval);

    /// <summary>The last tick at or before a time.</summary>
    public long TickAt(DateTimeOffset time) => (time - _start).Ticks / Signal.Interval.Ticks;

    /// <summary>Every connection that a group's adapters ever had.</summary>
    public IReadOnlyList<SourceClient> ClientsOf(string group) => [.. _clients.Where(client => client.Name.Group == group)];

    /// <summary>From now until it is disposed of, little is kept for an adapter that does not read.</summary>
    public IDisposable LimitQueue(string group, string adapter)
    {
        _limited[(group, adapter)] = true;
        return new Limited(() => _limited.TryRemove((group, adapter), out _));
    }

    /// <summary>How long the machine held this process up at most since a time: what it does to others may be more.</summary>
    public TimeSpan HeldUpSince(DateTimeOffset time) =>
        _lateTicks.Where(late => late.Time > time).Select(late => late.Late).DefaultIfEmpty().Max();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _ticking.Join();
        _listener.Dispose();
        foreach (var client in _clients)
        {
            client.Dispose();
        }

        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var socket = await _listener.AcceptAsync(_stop.Token);
                _ = SourceClient.WelcomeAsync(socket, _clients.Add);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // The next one.
            }
        }
    }

    private void TickUntilStopped()
    {
        while (!_stop.IsCancellationRequested)
        {
            // All that are due: this process may have been held up.
            var now = DateTimeOffset.UtcNow;
            if (now - TimeOf(_tick + 1) is var late && late > Punctual)
            {
                _lateTicks.Enqueue((now, late));
            }

            for (var due = TickAt(now); _tick < due;)
            {
                var tick = Interlocked.Increment(ref _tick);
                foreach (var client in _clients)
                {
                    client.Tell(tick, TimeOf(tick), _limited.ContainsKey((client.Name.Group, client.Name.Adapter)) ? Limit : Queue);
                }
            }

            var next = TimeOf(_tick + 1) - DateTimeOffset.UtcNow;
            if (next > TimeSpan.Zero)
            {
                Thread.Sleep(next);
            }
        }
    }

    private sealed class Limited(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
