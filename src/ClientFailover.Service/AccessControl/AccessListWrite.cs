using ClientFailover.Service.Groups;
using ClientFailover.Service.Storage;

namespace ClientFailover.Service.AccessControl;

/// <summary>A list on its way to the disk, before anybody is held to it.</summary>
/// <param name="lists">The lists in force.</param>
/// <param name="key">Whose it is.</param>
/// <param name="list">The list.</param>
/// <param name="exists">
/// Whether that group, or that namespace, exists. Asked when all that was written before is in effect, as the database asks it of itself.
/// </param>
internal sealed class AccessListWrite(AccessLists lists, GroupKey key, AccessList list, Func<bool> exists) : StoreWrite(key, 0, [], mustBeDurable: true)
{
    private readonly TaskCompletionSource<AccessListOutcome> _stored = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What became of it.</summary>
    public Task<AccessListOutcome> Stored => _stored.Task;

    /// <inheritdoc/>
    public override void WriteTo(GroupWriter writer) => writer.AccessLists.Set(Group, AccessListText.Write(list));

    /// <inheritdoc/>
    public override void Complete(StoreOutcome outcome, long firstRevision)
    {
        if (outcome != StoreOutcome.Durable)
        {
            _stored.TrySetResult(AccessListOutcome.Refused);
        }
        else if (!exists())
        {
            _stored.TrySetResult(AccessListOutcome.NotFound);
        }
        else
        {
            lists.Put(Group, list);
            _stored.TrySetResult(AccessListOutcome.Set);
        }
    }
}

/// <summary>What became of a list that was to be set.</summary>
internal enum AccessListOutcome
{
    /// <summary>It is durable and in force.</summary>
    Set,

    /// <summary>There is no such group or namespace (any more).</summary>
    NotFound,

    /// <summary>The store cannot be written; nothing was changed.</summary>
    Refused,
}
