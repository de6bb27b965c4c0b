namespace ClientFailover.Service.Groups;

/// <summary>
/// Responsible for listing the groups of a namespace in the order of their ids. The list is made when groups were created or deleted
/// since, and not for each caller who asks: sorting tens of thousands is what one could keep the service busy with.
/// </summary>
internal sealed class NamespaceGroups
{
    private readonly Lock _gate = new();
    private readonly List<GroupOwner> _owners = [];
    private volatile Listing? _listing;

    /// <summary>Adds a group, which need not exist yet.</summary>
    /// <param name="owner">Its owner.</param>
    public void Add(GroupOwner owner)
    {
        lock (_gate)
        {
            _owners.Add(owner);
        }
    }

    /// <summary>Removes one that another thread has added at the same moment.</summary>
    /// <param name="owner">Its owner.</param>
    public void Remove(GroupOwner owner)
    {
        lock (_gate)
        {
            _owners.Remove(owner);
        }
    }

    /// <summary>The groups that exist.</summary>
    /// <param name="changes">How often groups have been created or deleted so far.</param>
    /// <returns>Their owners, in the order of their ids.</returns>
    public IReadOnlyList<IGroupOwner> List(long changes)
    {
        if (_listing is { } made && made.Changes == changes)
        {
            return made.Groups;
        }

        GroupOwner[] owners;
        lock (_gate)
        {
            owners = [.. _owners];
        }

        // What changes meanwhile has another number, and has it made anew.
        var groups = owners.Where(o => o.Configuration is not null).OrderBy(o => o.Key.Group, StringComparer.OrdinalIgnoreCase).ToArray();
        _listing = new Listing(changes, groups);
        return groups;
    }

    private sealed record Listing(long Changes, IReadOnlyList<IGroupOwner> Groups);
}
