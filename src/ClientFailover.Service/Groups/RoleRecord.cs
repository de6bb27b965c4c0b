using ClientFailover.Engine;
using ClientFailover.Service.Storage;

namespace ClientFailover.Service.Groups;

/// <summary>What the engine decided in one step, on its way to the disk; announced when it is there.</summary>
/// <param name="owner">The group's owner.</param>
/// <param name="sequence">Its place among the steps of the group.</param>
/// <param name="primary">The Primary after it.</param>
/// <param name="term">The term of that Primary.</param>
/// <param name="recorded">When it was handed to the store, on the monotonic clock.</param>
/// <param name="events">What happened.</param>
internal sealed class RoleRecord(GroupOwner owner, long sequence, string? primary, long term, TimeSpan recorded, IReadOnlyList<GroupEvent> events)
    : StoreWrite(owner.Key, term, events, mustBeDurable: false)
{
    private readonly TaskCompletionSource _announced = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Its place among the steps of the group.</summary>
    public long Sequence { get; } = sequence;

    /// <summary>The Primary after it; null: none.</summary>
    public string? Primary { get; } = primary;

    /// <summary>When it was handed to the store, on the monotonic clock.</summary>
    public TimeSpan Recorded { get; } = recorded;

    /// <summary>Whether there are roles in it to be told.</summary>
    public override bool IsUrgent { get; } = events.Any(e => e is RoleChanged);

    /// <summary>Done when its roles may be told to anybody.</summary>
    public Task Announced => _announced.Task;

    /// <inheritdoc/>
    public override void Complete(StoreOutcome outcome, long firstRevision) => owner.Stored(this, firstRevision);

    /// <summary>Lets those who wait for the announcement go on.</summary>
    public void Announce() => _announced.TrySetResult();
}
