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
    private readonly CancellationTokenSource _stop = new();
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ConcurrentBag<SourceClient> _clients = [];
    private readonly DateTimeOffset _start = new(DateTimeOffset.UtcNow.Ticks / Signal.Interval.Ticks * Signal.Interval.Ticks, TimeSpan.Zero);
    private readonly Task _ticking;
    private long _tick;

    /// <summary>Starts it.</summary>
    public SourceServer()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Address = (IPEndPoint)_listener.LocalEndPoint!;
        _ = AcceptAsync();
        _ticking = TickAsync();
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

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _ticking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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

    private async Task TickAsync()
    {
        using var timer = new PeriodicTimer(Signal.Interval);
        while (await timer.WaitForNextTickAsync(_stop.Token))
        {
            // All that are due: this process may have been held up.
            for (var due = TickAt(DateTimeOffset.UtcNow); _tick < due;)
            {
                var tick = Interlocked.Increment(ref _tick);
                foreach (var client in _clients)
                {
                    client.Tell(tick, TimeOf(tick));
                }
            }
        }
    }
}
