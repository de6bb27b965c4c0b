namespace ClientFailover.Client.Connection;

/// <summary>What a service tells over a link.</summary>
internal abstract record Told
{
    private Told()
    {
    }

    /// <summary>Completes when the member has taken it: the fake's tests wait for that. Null: nobody waits.</summary>
    public TaskCompletionSource? Taken { get; init; }

    /// <summary>The answer to joining. A REST service does not tell the role before the first heartbeat.</summary>
    /// <param name="FailoverTimeout">The group's.</param>
    /// <param name="HeartbeatInterval">How often to send a heartbeat.</param>
    /// <param name="Role">The role; null: not told yet.</param>
    /// <param name="Term">The group's term; null: not told.</param>
    /// <param name="LastDataProcessedTime">The group's.</param>
    internal sealed record Welcome(
        TimeSpan FailoverTimeout, TimeSpan HeartbeatInterval, FailoverRole? Role, long? Term, DateTimeOffset? LastDataProcessedTime) : Told;

    /// <summary>The answer to a heartbeat.</summary>
    /// <param name="Sequence">The heartbeat's.</param>
    /// <param name="Role">The role.</param>
    /// <param name="Term">The group's term; null: not told.</param>
    /// <param name="LastDataProcessedTime">The group's.</param>
    internal sealed record Reply(long Sequence, FailoverRole Role, long? Term, DateTimeOffset? LastDataProcessedTime) : Told;

    /// <summary>A role, or the order to hand it over.</summary>
    /// <param name="Role">The role; with a drain: the one that it will have.</param>
    /// <param name="Term">The term of the assignment, to be acknowledged.</param>
    /// <param name="Reason">Why.</param>
    /// <param name="LastDataProcessedTime">The group's.</param>
    /// <param name="IsExact">The time is exactly where the old Primary stopped.</param>
    /// <param name="DrainTime">On the order to drain: the time that is left.</param>
    internal sealed record Assignment(
        FailoverRole Role, long Term, string? Reason, DateTimeOffset? LastDataProcessedTime, bool IsExact, TimeSpan? DrainTime) : Told;

    /// <summary>The group's failover timeout has changed, because it was created anew.</summary>
    /// <param name="FailoverTimeout">The group's.</param>
    internal sealed record Group(TimeSpan FailoverTimeout) : Told;

    /// <summary>A heartbeat came too soon: a sign of life, and nothing else.</summary>
    /// <param name="Sequence">The heartbeat's, if told.</param>
    /// <param name="RetryAfter">When to send the next one.</param>
    internal sealed record TooSoon(long? Sequence, TimeSpan? RetryAfter) : Told;

    /// <summary>A heartbeat was refused because of what it says.</summary>
    /// <param name="Sequence">The heartbeat's, if told.</param>
    /// <param name="Message">What the service said.</param>
    internal sealed record Invalid(long? Sequence, string Message) : Told;

    /// <summary>What the link was opened with expires in some seconds.</summary>
    internal sealed record CredentialExpiring : Told;

    /// <summary>The service is stopping; roles are kept.</summary>
    /// <param name="Endpoints">Where to reconnect to; none: to the same address.</param>
    /// <param name="RetryAfter">When, if told.</param>
    internal sealed record ShuttingDown(IReadOnlyList<Uri> Endpoints, TimeSpan? RetryAfter) : Told;
}
