namespace ClientFailover.Client.Connection;

/// <summary>A heartbeat.</summary>
/// <param name="Sequence">Comes back with the answer.</param>
/// <param name="Report">What the adapter tells.</param>
/// <param name="Time">The adapter's own time, UTC.</param>
internal readonly record struct Beat(long Sequence, AdapterReport Report, DateTimeOffset Time);
