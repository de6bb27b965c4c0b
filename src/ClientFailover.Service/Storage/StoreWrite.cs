using System.Diagnostics;
using ClientFailover.Engine;
using ClientFailover.Service.Groups;

namespace ClientFailover.Service.Storage;

/// <summary>Events of one group, or something else that is kept, on their way to the disk.</summary>
/// <param name="group">The group.</param>
/// <param name="term">The group's term after the events, for their history entries.</param>
/// <param name="events">The events, in their order. Each gets a revision of its own, without gaps.</param>
/// <param name="mustBeDurable">
/// True, for changes of configuration, membership and orders: when the store cannot be written the write is refused
/// and forgotten. False, for what the engine decided: it is completed as deferred, kept, and written when the store
/// can be written again.
/// </param>
internal abstract class StoreWrite(GroupKey group, long term, IReadOnlyList<GroupEvent> events, bool mustBeDurable)
{
    /// <summary>The group.</summary>
    public GroupKey Group { get; } = group;

    /// <summary>The group's term after the events.</summary>
    public long Term { get; } = term;

    /// <summary>The events, in their order.</summary>
    public IReadOnlyList<GroupEvent> Events { get; } = events;

    /// <summary>Whether the write is refused rather than deferred when the store cannot be written.</summary>
    public bool MustBeDurable { get; } = mustBeDurable;

    /// <summary>
    /// Whether somebody waits for it to be told a role: it goes before all that does not, of whatever tenant, but never before what
    /// was appended earlier for the same group.
    /// </summary>
    public virtual bool IsUrgent => false;

    /// <summary>The trace of the request that it came of, if any.</summary>
    public ActivityContext Trace { get; } = Activity.Current?.Context ?? default;

    /// <summary>Writes what it has besides its events. Called within the transaction, after the events, and again if that fails.</summary>
    /// <param name="writer">The writer.</param>
    public virtual void WriteTo(GroupWriter writer)
    {
    }

    /// <summary>
    /// Tells the outcome, once. Called by the store's writer in the order of revisions: it must be quick, must not
    /// block and must not throw.
    /// </summary>
    /// <param name="outcome">What became of it.</param>
    /// <param name="firstRevision">Revision of the first event; 0 when refused.</param>
    public abstract void Complete(StoreOutcome outcome, long firstRevision);
}

/// <summary>What became of a write.</summary>
internal enum StoreOutcome
{
    /// <summary>It survives a kill and a power cut.</summary>
    Durable,

    /// <summary>The store cannot be written; it will be written later, and is lost if the process dies before.</summary>
    Deferred,

    /// <summary>The store cannot be written, and the write is forgotten.</summary>
    Refused,
}
