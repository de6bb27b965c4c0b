extern alias client;

using System.Buffers.Binary;
using client::ClientFailover.Client;

namespace ClientFailover.Benchmarks.Buffer;

/// <summary>The values that an adapter collects: at a steady rate, of streams in turn.</summary>
internal sealed class BufferWorkload
{
    /// <summary>Values a second.</summary>
    public const int Rate = 10_000;

    /// <summary>Bytes of a payload.</summary>
    public const int PayloadSize = 100;

    private const int Streams = 1000;

    private static readonly TimeSpan Spacing = TimeSpan.FromSeconds(1) / Rate;

    private readonly string[] _streams = [.. Enumerable.Range(0, Streams).Select(i => $"plant.line{i / 100}.machine{i % 100}.value")];

    /// <summary>When the first value is collected.</summary>
    public static DateTimeOffset Start { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A value. Its payload is its own, as that of a real one.</summary>
    /// <param name="number">Its number.</param>
    /// <returns>The value.</returns>
    public DataItem Item(long number)
    {
        var payload = new byte[PayloadSize];
        BinaryPrimitives.WriteInt64LittleEndian(payload, number);
        var received = Start + (number * Spacing);
        return new DataItem(_streams[number % Streams], received - TimeSpan.FromMilliseconds(number % 50), received, payload);
    }

    /// <summary>The number of a value.</summary>
    /// <param name="item">The value.</param>
    /// <returns>Its number.</returns>
    public static long Number(in DataItem item) => BinaryPrimitives.ReadInt64LittleEndian(item.Payload.Span);
}
