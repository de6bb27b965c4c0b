using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace ClientFailover.Continuity.Plant;

/// <summary>
/// Responsible for one connection to a source, and for the record of what it took. The client says its name and is
/// answered a byte; when it sends a byte it is told each tick (16 bytes: number, time) and acknowledges (8 bytes: number).
/// The source keeps no history: a client that has acknowledged nothing for the time of its queue misses what comes.
/// </summary>
internal sealed class SourceClient : IDisposable
{
    /// <summary>Bytes of a tick.</summary>
    public const int FrameSize = 16;

    /// <summary>Bytes of an acknowledgement.</summary>
    public const int AcknowledgementSize = 8;

    private const int LongestName = 200;

    private readonly Lock _gate = new();
    private readonly List<(long First, long Last)> _told = [];
    private readonly Socket _socket;
    private readonly byte[] _frame = new byte[FrameSize];
    private long _acknowledged;
    private long _lastAcknowledgement;
    private bool _isSubscribed;
    private bool _isClosed;

    private SourceClient(Socket socket, ClientName name)
    {
        _socket = socket;
        Name = name;
    }

    /// <summary>Who it is.</summary>
    public ClientName Name { get; }

    /// <summary>Serves a connection until it ends.</summary>
    /// <param name="socket">The connection.</param>
    /// <param name="welcome">Takes the client when it has said its name.</param>
    public static async Task WelcomeAsync(Socket socket, Action<SourceClient> welcome)
    {
        try
        {
            socket.NoDelay = true;
            using var stream = new NetworkStream(socket, ownsSocket: true);
            var client = new SourceClient(socket, ClientName.Parse(await ReadLineAsync(stream)));
            await stream.WriteAsync("K"u8.ToArray());
            welcome(client);
            await client.ServeAsync(stream);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            socket.Dispose();
        }
    }

    /// <summary>Tells a tick, if it listens.</summary>
    /// <param name="tick">Its number.</param>
    /// <param name="time">When it is.</param>
    /// <param name="queue">What is kept for a client that does not read.</param>
    public void Tell(long tick, DateTimeOffset time, TimeSpan queue)
    {
        lock (_gate)
        {
            if (!_isSubscribed || _isClosed || HasStalled(queue))
            {
                return;
            }

            BinaryPrimitives.WriteInt64LittleEndian(_frame, tick);
            BinaryPrimitives.WriteInt64LittleEndian(_frame.AsSpan(8), time.UtcTicks);
            try
            {
                _socket.Send(_frame);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                _isClosed = true;
                return;
            }

            if (_told is [.., var (first, last)] && last == tick - 1)
            {
                _told[^1] = (first, tick);
            }
            else
            {
                _told.Add((tick, tick));
            }
        }
    }

    /// <summary>The ticks that the adapter has taken for certain: told and acknowledged.</summary>
    public IReadOnlyList<(long First, long Last)> Taken()
    {
        lock (_gate)
        {
            return [.. _told.Where(range => range.First <= _acknowledged).Select(range => (range.First, Math.Min(range.Last, _acknowledged)))];
        }
    }

    public void Dispose() => _socket.Dispose();

    private static async Task<string> ReadLineAsync(Stream stream)
    {
        var line = new List<byte>();
        var next = new byte[1];
        while (line.Count < LongestName)
        {
            await stream.ReadExactlyAsync(next);
            if (next[0] == '\n')
            {
                break;
            }

            line.Add(next[0]);
        }

        return Encoding.UTF8.GetString([.. line]);
    }

    private async Task ServeAsync(Stream stream)
    {
        var buffer = new byte[AcknowledgementSize];
        await stream.ReadExactlyAsync(buffer.AsMemory(0, 1));
        lock (_gate)
        {
            _isSubscribed = true;
        }

        while (true)
        {
            await stream.ReadExactlyAsync(buffer);
            lock (_gate)
            {
                _acknowledged = BinaryPrimitives.ReadInt64LittleEndian(buffer);
                _lastAcknowledgement = Environment.TickCount64;
            }
        }
    }

    private bool HasStalled(TimeSpan queue)
    {
        if (_told is not [.., var (_, last)] || _acknowledged >= last)
        {
            // Nothing is owed: the time of the queue starts with what is told now.
            _lastAcknowledgement = Environment.TickCount64;
            return false;
        }

        return Environment.TickCount64 - _lastAcknowledgement > queue.TotalMilliseconds;
    }
}
