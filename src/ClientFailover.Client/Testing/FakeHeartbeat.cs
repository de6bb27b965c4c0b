namespace ClientFailover.Client.Testing;

/// <summary>A heartbeat that the fake service was sent.</summary>
/// <param name="FailoverScore">The score, 0 to 100.</param>
/// <param name="LastDataProcessedTime">What the adapter says it has egressed; null: nothing.</param>
/// <param name="Time">When it was sent, by the test's clock, UTC.</param>
public sealed record FakeHeartbeat(float FailoverScore, DateTimeOffset? LastDataProcessedTime, DateTimeOffset Time);
