using ClientFailover.Service.Groups;

namespace ClientFailover.Service.Storage;

/// <summary>
/// Responsible for remembering where in the database a group is. What a transaction adds counts only when it commits.
/// </summary>
internal sealed class GroupRows
{
    private readonly Dictionary<GroupKey, GroupRow> _committed = [];
    private readonly Dictionary<GroupKey, GroupRow> _changed = [];

    /// <summary>The groups whose place or history the transaction has changed or looked up.</summary>
    public IReadOnlyCollection<GroupRow> Changed => _changed.Values;

    /// <summary>Where the group is.</summary>
    /// <param name="key">The group.</param>
    /// <param name="row">Its place.</param>
    /// <returns>False: not known.</returns>
    public bool TryGet(GroupKey key, out GroupRow row) => _changed.TryGetValue(key, out row) || _committed.TryGetValue(key, out row);

    /// <summary>Sets where the group is.</summary>
    /// <param name="key">The group.</param>
    /// <param name="row">Its place.</param>
    public void Set(GroupKey key, GroupRow row) => _changed[key] = row;

    /// <summary>The transaction has committed.</summary>
    public void Keep()
    {
        foreach (var (key, row) in _changed)
        {
            _committed[key] = row;
        }

        _changed.Clear();
    }

    /// <summary>The transaction was rolled back.</summary>
    public void Forget() => _changed.Clear();
}

/// <summary>Where a group is.</summary>
/// <param name="Id">Its row.</param>
/// <param name="LastEntry">Number of its newest history entry; 0: none.</param>
internal readonly record struct GroupRow(long Id, long LastEntry);
