namespace ClientFailover.Client;

/// <summary>A value that a component collected.</summary>
/// <param name="Stream">Id of the stream that it belongs to.</param>
/// <param name="SourceTime">When it was so at the source, UTC. Equal on every adapter of the group if it is the source that tells it.</param>
/// <param name="ReceivedTime">When this adapter collected it, by its own clock, UTC.</param>
/// <param name="Payload">The value, in a form that the egress understands. Must not change any more.</param>
public readonly record struct DataItem(string Stream, DateTimeOffset SourceTime, DateTimeOffset ReceivedTime, ReadOnlyMemory<byte> Payload);
