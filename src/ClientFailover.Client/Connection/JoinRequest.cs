namespace ClientFailover.Client.Connection;

/// <summary>Who joins a group.</summary>
/// <param name="GroupId">The group.</param>
/// <param name="FailoverTimeout">Its failover timeout, if the group does not exist: always the configured one, because who wants to change it deletes the group.</param>
/// <param name="KnownTimeout">Its failover timeout as far as it is known: how long is waited follows from it.</param>
/// <param name="SessionId">The session.</param>
/// <param name="SessionName">Its name for people.</param>
/// <param name="Mode">How it waits while it is Secondary.</param>
/// <param name="OnServiceLost">What it does when it cannot reach the service.</param>
/// <param name="SourceTimestamps">Whether its LastDataProcessedTime is a time of its sources.</param>
/// <param name="LastKnownTerm">
/// The last term that it was told of; 0: it joined before, but was told of none; null: it never joined, and has no memory of
/// what it did before. A service takes a Primary that has none for restarted.
/// </param>
internal sealed record JoinRequest(
    string GroupId,
    TimeSpan FailoverTimeout,
    TimeSpan KnownTimeout,
    string SessionId,
    string SessionName,
    FailoverMode Mode,
    OnServiceLost OnServiceLost,
    bool SourceTimestamps,
    long? LastKnownTerm);
