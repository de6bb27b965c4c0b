using System.Collections.Immutable;

namespace ClientFailover.Service.Groups;

/// <summary>
/// Responsible for the groups of a namespace that exist, in the order of their ids. Neither a change nor a list costs more for there being
/// many: were the list made anew, whoever changes one group and lists them all by turns could keep the service busy.
/// </summary>
internal sealed class NamespaceGroups
{
    private static readonly IComparer<IGroupOwner> ById =
        Comparer<IGroupOwner>.Create((a, b) => StringComparer.OrdinalIgnoreCase.Compare(a.Key.Group, b.Key.Group));

    private ImmutableSortedSet<IGroupOwner> _owners = ImmutableSortedSet<IGroupOwner>.Empty.WithComparer(ById);

    /// <summary>Their owners, as of now.</summary>
    public IReadOnlyList<IGroupOwner> Owners => Volatile.Read(ref _owners);

    /// <summary>A group was created, and everybody can see that.</summary>
    /// <param name="owner">Its owner.</param>
    public void Add(IGroupOwner owner) => ImmutableInterlocked.Update(ref _owners, static (owners, o) => owners.Add(o), owner);

    /// <summary>A group was deleted.</summary>
    /// <param name="owner">Its owner.</param>
    public void Remove(IGroupOwner owner) => ImmutableInterlocked.Update(ref _owners, static (owners, o) => owners.Remove(o), owner);
}
