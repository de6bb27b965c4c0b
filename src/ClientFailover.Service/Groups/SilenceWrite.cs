using ClientFailover.Service.Storage;

namespace ClientFailover.Service.Groups;

/// <summary>How long nobody has heard from sessions of a group, on its way to the disk.</summary>
/// <param name="group">The group.</param>
/// <param name="silences">How long, by session id.</param>
internal sealed class SilenceWrite(GroupKey group, IReadOnlyList<(string SessionId, TimeSpan Silence)> silences)
    : StoreWrite(group, 0, [], mustBeDurable: true)
{
    private readonly TaskCompletionSource<bool> _stored = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether it was stored; false: it was refused, and is tried again another time.</summary>
    public Task<bool> Stored => _stored.Task;

    /// <inheritdoc/>
    public override void WriteTo(GroupWriter writer)
    {
        foreach (var (sessionId, silence) in silences)
        {
            writer.SetSilence(Group, sessionId, silence);
        }
    }

    /// <inheritdoc/>
    public override void Complete(StoreOutcome outcome, long firstRevision) => _stored.TrySetResult(outcome == StoreOutcome.Durable);
}
