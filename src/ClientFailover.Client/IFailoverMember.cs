namespace ClientFailover.Client;

/// <summary>
/// The program that takes part in a group, as the <see cref="FailoverClient"/> sees it. <see cref="FailoverAdapter"/> is one for
/// programs that collect and egress data; whoever does something else implements it.
/// </summary>
/// <remarks>The client makes one call at a time, in the order in which the service told things, and never inside another.</remarks>
public interface IFailoverMember
{
    /// <summary>What to tell in the heartbeat that is about to be sent. Must be quick; may be called while a drain runs.</summary>
    /// <returns>The report.</returns>
    AdapterReport Report();

    /// <summary>
    /// Takes what the service told: the role, its term, or only a newer LastDataProcessedTime. Must be quick. Also called when
    /// the role is the same as before; a role of Primary after a drain means that the handover was called off.
    /// </summary>
    /// <param name="state">What the service told.</param>
    /// <param name="failoverTimeout">The group's failover timeout.</param>
    void Assume(RoleState state, TimeSpan failoverTimeout);

    /// <summary>Finishes what is in flight and egresses nothing more, until the next <see cref="Assume"/>.</summary>
    /// <param name="order">The order.</param>
    /// <param name="cancellation">Cancelled when the time is over or the handover was called off.</param>
    /// <returns>Exactly where it stopped: everything up to this time was egressed, nothing later; null: not known.</returns>
    Task<DateTimeOffset?> DrainAsync(DrainOrder order, CancellationToken cancellation);
}
