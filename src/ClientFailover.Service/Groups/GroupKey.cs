namespace ClientFailover.Service.Groups;

/// <summary>Names one group in the whole service. Compared without regard to case, over all of Unicode.</summary>
/// <param name="Tenant">Tenant id.</param>
/// <param name="Namespace">Namespace id.</param>
/// <param name="Group">Group id.</param>
internal readonly record struct GroupKey(string Tenant, string Namespace, string Group)
{
    /// <inheritdoc/>
    public bool Equals(GroupKey other) =>
        string.Equals(Group, other.Group, StringComparison.OrdinalIgnoreCase)
        && string.Equals(Namespace, other.Namespace, StringComparison.OrdinalIgnoreCase)
        && string.Equals(Tenant, other.Tenant, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(
        StringComparer.OrdinalIgnoreCase.GetHashCode(Tenant),
        StringComparer.OrdinalIgnoreCase.GetHashCode(Namespace),
        StringComparer.OrdinalIgnoreCase.GetHashCode(Group));

    /// <inheritdoc/>
    public override string ToString() => $"{Tenant}/{Namespace}/{Group}";
}
