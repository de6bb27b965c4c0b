using System.Buffers.Binary;

namespace ClientFailover.Samples.Omf;

/// <summary>What the adapters of the samples publish: a value and its number. Its payload is short, as a hot buffer may hold millions.</summary>
/// <param name="Value">The value.</param>
/// <param name="Sequence">Its number: the source counts without holes, so that whoever reads the destination sees what is missing.</param>
public readonly record struct Measurement(double Value, long Sequence)
{
    private const int Length = sizeof(double) + sizeof(long);

    /// <summary>What is handed to <see cref="Client.IComponentContext.Publish"/>.</summary>
    /// <returns>The payload.</returns>
    public ReadOnlyMemory<byte> ToPayload()
    {
        var payload = new byte[Length];
        BinaryPrimitives.WriteDoubleLittleEndian(payload, Value);
        BinaryPrimitives.WriteInt64LittleEndian(payload.AsSpan(sizeof(double)), Sequence);
        return payload;
    }

    /// <summary>Reads a payload.</summary>
    /// <param name="payload">The payload.</param>
    /// <param name="measurement">What it is.</param>
    /// <returns>False: it is none that OMF can express.</returns>
    public static bool TryRead(ReadOnlySpan<byte> payload, out Measurement measurement)
    {
        measurement = default;
        if (payload.Length != Length)
        {
            return false;
        }

        measurement = new Measurement(BinaryPrimitives.ReadDoubleLittleEndian(payload), BinaryPrimitives.ReadInt64LittleEndian(payload[sizeof(double)..]));
        return double.IsFinite(measurement.Value);
    }
}
