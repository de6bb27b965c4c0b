using System.Text.Json;

namespace ClientFailover.Samples.OmfReceiver.Omf;

/// <summary>What a message is about.</summary>
internal enum MessageKind
{
    Type,
    Container,
    Data,
}

/// <summary>A message whose headers are right and whose body is a JSON array.</summary>
internal sealed record OmfMessage(MessageKind Kind, JsonElement Body);
