namespace ClientFailover.Samples.AdapterPair.Adapters;

/// <summary>What the adapter sends to register its group, and reads of the group that exists.</summary>
internal sealed record RestGroup(string Id, TimeSpan FailoverTimeout);

/// <summary>What the adapter sends to register itself.</summary>
internal sealed record RestSession(string Id, string Name);

/// <summary>A sign of life.</summary>
/// <param name="FailoverScore">How much of its sources the adapter reaches, 0 to 100.</param>
/// <param name="LastDataProcessedTime">
/// In UTC. A <see cref="DateTime"/> on purpose: its default is written as "0001-01-01T00:00:00", which means none.
/// </param>
internal sealed record RestHeartbeat(double FailoverScore, DateTime LastDataProcessedTime);

/// <summary>The answer: the role as a number, and what a Primary has egressed if any has.</summary>
internal sealed record RestHeartbeatReply(V1.Role Role, DateTimeOffset? LastDataProcessedTime);
