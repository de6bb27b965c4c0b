using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClientFailover.Samples.Mqtt;

/// <summary>What is published on a topic: <c>{"time":"2026-01-01T00:00:00.0100000Z","sequence":1,"value":0.5}</c>.</summary>
/// <param name="Time">When it was so, by the source.</param>
/// <param name="Sequence">Its number, without holes.</param>
/// <param name="Value">The value.</param>
public readonly record struct SignalMessage(DateTimeOffset Time, long Sequence, double Value)
{
    /// <summary>Writes it.</summary>
    /// <returns>The payload of the message.</returns>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, SignalJson.Default.SignalMessage);

    /// <summary>Reads it.</summary>
    /// <param name="json">The payload of a message.</param>
    /// <returns>Null: it is none.</returns>
    public static SignalMessage? Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, SignalJson.Default.SignalMessage);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>How it is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(SignalMessage))]
internal sealed partial class SignalJson : JsonSerializerContext;
