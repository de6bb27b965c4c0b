using ClientFailover.Engine;
using ClientFailover.Service.Storage;

namespace ClientFailover.Service.Groups;

/// <summary>A change of configuration, membership or orders on its way to the disk, before anybody sees it.</summary>
/// <param name="owner">The group's owner.</param>
/// <param name="term">The group's term.</param>
/// <param name="events">The planned events.</param>
internal sealed class ChangeWrite(GroupOwner owner, long term, IReadOnlyList<GroupEvent> events)
    : StoreWrite(owner.Key, term, events, mustBeDurable: true)
{
    private readonly TaskCompletionSource<bool> _stored = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether it was stored; false: it was refused.</summary>
    public Task<bool> Stored => _stored.Task;

    /// <inheritdoc/>
    public override void Complete(StoreOutcome outcome, long firstRevision)
    {
        try
        {
            if (outcome == StoreOutcome.Durable)
            {
                owner.Stored(this, firstRevision);
            }

            _stored.TrySetResult(outcome == StoreOutcome.Durable);
        }
        catch (Exception e)
        {
            // A defect of the engine is the caller's to report: the store's thread has others to complete.
            _stored.TrySetException(e);
        }
    }
}
