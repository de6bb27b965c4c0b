namespace ClientFailover.Service.Storage;

/// <content>What those who wait for writes are told.</content>
internal sealed partial class Committer
{
    private void Complete(IReadOnlyList<StoreWrite> writes, bool refuse)
    {
        foreach (var write in writes)
        {
            if (refuse && write.MustBeDurable)
            {
                Complete(write, StoreOutcome.Refused, 0);
            }
            else
            {
                Complete(write, StoreOutcome.Durable, _revisions.Take(write.Events.Count));
            }
        }
    }

    private void Defer(IReadOnlyList<StoreWrite> writes)
    {
        foreach (var write in writes)
        {
            if (write.MustBeDurable)
            {
                Complete(write, StoreOutcome.Refused, 0);
                continue;
            }

            var hadRevisions = _revisions.HasNext;
            var first = _revisions.Take(write.Events.Count);
            if (hadRevisions && !_revisions.HasNext)
            {
                LogRevisionsUsedUp();
            }

            if (_deferred.Add(write, first))
            {
                LogTermsUsedUp(write.Group);
            }

            Complete(write, StoreOutcome.Deferred, first);
        }
    }

    private void Complete(StoreWrite write, StoreOutcome outcome, long firstRevision)
    {
        meter?.Completed(outcome);
        try
        {
            write.Complete(outcome, firstRevision);
        }
        catch (Exception e)
        {
            LogCompletionFailed(write.Group, e);
        }
    }
}
