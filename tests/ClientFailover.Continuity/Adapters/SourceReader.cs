using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ClientFailover.Continuity.Plant;

namespace ClientFailover.Continuity.Adapters;

/// <summary>
/// Responsible for one connection to a source, the part of a protocol driver: it knows a source that fell silent, and a hole
/// in what the source told, and takes both for a loss of the source.
/// </summary>
internal sealed class SourceReader : IDisposable
{
    /// <summary>A source that is silent for so long is lost. What its queue did not keep meanwhile is seen by the numbers.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(750);

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    private SourceReader()
    {
    }

    /// <summary>Connects.</summary>
    /// <param name="port">Where the source is.</param>
    /// <param name="name">Who collects.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <returns>The connection, nothing subscribed.</returns>
    /// <exception cref="IOException">The source is not there.</exception>
    public static async Task<SourceReader> ConnectAsync(int port, ClientName name, CancellationToken cancellation)
    {
        var reader = new SourceReader();
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        time.CancelAfter(ConnectTimeout);
        try
        {
            await reader._socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), time.Token);
            await reader._socket.SendAsync(Encoding.UTF8.GetBytes($"{name}\n"), time.Token);
            await reader.ReceiveAsync(new byte[1], time.Token);
            return reader;
        }
        catch (Exception e)
        {
            reader.Dispose();
            throw e is SocketException || (e is OperationCanceledException && !cancellation.IsCancellationRequested)
                ? new IOException("The source does not answer.", e)
                : e;
        }
    }

    /// <summary>Collects until it is cancelled.</summary>
    /// <param name="take">Takes each tick.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="IOException">The source is lost.</exception>
    public async Task CollectAsync(Action<long, DateTimeOffset> take, CancellationToken cancellation)
    {
        var buffer = new byte[SourceClient.FrameSize * 128];
        var acknowledgement = new byte[SourceClient.AcknowledgementSize];
        var filled = 0;
        long? last = null;
        try
        {
            await _socket.SendAsync("S"u8.ToArray(), cancellation);
            while (true)
            {
                filled += await ReceiveAsync(buffer.AsMemory(filled), cancellation);
                var used = 0;
                for (; filled - used >= SourceClient.FrameSize; used += SourceClient.FrameSize)
                {
                    var tick = BinaryPrimitives.ReadInt64LittleEndian(buffer.AsSpan(used));
                    if (last is not null && tick != last + 1)
                    {
                        throw new IOException($"The source's queue ran over: {last} is followed by {tick}.");
                    }

                    last = tick;
                    take(tick, new DateTimeOffset(BinaryPrimitives.ReadInt64LittleEndian(buffer.AsSpan(used + 8)), TimeSpan.Zero));
                }

                buffer.AsSpan(used, filled - used).CopyTo(buffer);
                filled -= used;
                BinaryPrimitives.WriteInt64LittleEndian(acknowledgement, last ?? 0);
                await _socket.SendAsync(acknowledgement, cancellation);
            }
        }
        catch (SocketException e)
        {
            throw new IOException("The source is gone.", e);
        }
    }

    public void Dispose() => _socket.Dispose();

    private async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        var received = _socket.ReceiveAsync(buffer, cancellation).AsTask();
        try
        {
            await received.WaitAsync(Silence, cancellation);
        }
        catch (TimeoutException e) when (!received.IsCompleted && _socket.Available == 0)
        {
            throw new IOException("The source is silent.", e);
        }
        catch (TimeoutException)
        {
            // It was not the source that was silent: this process was held up.
        }

        return await received is > 0 and var count ? count : throw new IOException("The source has closed the connection.");
    }
}
