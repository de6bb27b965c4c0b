namespace ClientFailover.Samples.OmfReceiver.Storage;

/// <summary>A value on its way into the database.</summary>
/// <param name="Container">Key of its container.</param>
/// <param name="Time">Its index: UTC, in ticks of 100 ns since the year 1.</param>
/// <param name="Sequence">Its number, if its type has one.</param>
/// <param name="Json">All of it.</param>
internal readonly record struct Row(long Container, long Time, long? Sequence, string Json);
