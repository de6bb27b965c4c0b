namespace ClientFailover.Service.Groups;

/// <summary>
/// Tells who owns a group. The seam for several nodes: everything that concerns a group goes to the owner this
/// names, wherever that lives; in a service of one process it always lives here.
/// </summary>
internal interface IGroupDirectory
{
    /// <summary>The owner of a group that exists.</summary>
    /// <param name="key">The group.</param>
    /// <returns>Its owner; null: there is no such group.</returns>
    IGroupOwner? Find(GroupKey key);

    /// <summary>The owner of a group that exists or is to be created.</summary>
    /// <param name="key">The group.</param>
    /// <returns>Its owner.</returns>
    IGroupOwner FindOrAdd(GroupKey key);

    /// <summary>The groups of a namespace that exist, in the order of their ids (ordinal, without regard to case).</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="namespace">The namespace.</param>
    /// <returns>A snapshot.</returns>
    IReadOnlyList<IGroupOwner> List(string tenant, string @namespace);
}
