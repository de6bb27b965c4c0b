using ClientFailover.Engine;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Storage;

namespace ClientFailover.Service.Tests.Storage;

/// <summary>A write that remembers its outcome.</summary>
internal sealed class TestWrite(GroupKey group, bool mustBeDurable, IReadOnlyList<GroupEvent> events, long term = 0, Action<TestWrite>? completed = null)
    : StoreWrite(group, term, events, mustBeDurable)
{
    private readonly TaskCompletionSource<(StoreOutcome Outcome, long First)> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<(StoreOutcome Outcome, long First)> Done => _done.Task;

    public override void Complete(StoreOutcome outcome, long firstRevision)
    {
        _done.SetResult((outcome, firstRevision));
        completed?.Invoke(this);
    }
}
