using ClientFailover.Service.Groups;
using ClientFailover.Service.Storage;

namespace ClientFailover.Service.Configuration;

/// <summary>A configuration on its way to the disk.</summary>
/// <param name="document">The configuration, as the store keeps it.</param>
internal sealed class ConfigurationWrite(string document) : StoreWrite(new GroupKey("", "", ""), 0, [], mustBeDurable: true)
{
    private readonly TaskCompletionSource<bool> _stored = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether it was stored; false: it was refused.</summary>
    public Task<bool> Stored => _stored.Task;

    /// <inheritdoc/>
    public override void WriteTo(GroupWriter writer) => writer.Configuration.Set(document);

    /// <inheritdoc/>
    public override void Complete(StoreOutcome outcome, long firstRevision) => _stored.TrySetResult(outcome == StoreOutcome.Durable);
}
