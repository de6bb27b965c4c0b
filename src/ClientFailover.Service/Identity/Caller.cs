namespace ClientFailover.Service.Identity;

/// <summary>Who sent a request, whatever the scheme that found it out.</summary>
/// <param name="Name">Its name, for logs and the audit trail.</param>
/// <param name="Kind">Whether it is a person's or an adapter's account, or a program registered with a provider.</param>
/// <param name="ObjectId">What access control entries name it by. The built-in store's accounts go by their names.</param>
/// <param name="TenantId">The tenant it belongs to; null: none, it is the service's own.</param>
/// <param name="Roles">Those of <see cref="Identity.Roles"/> that it has.</param>
/// <param name="Scheme">Name of the authentication scheme.</param>
internal sealed record Caller(
    string Name,
    CallerKind Kind,
    string ObjectId,
    string? TenantId,
    IReadOnlyList<string> Roles,
    string Scheme)
{
    /// <summary>Whether it is an administrator.</summary>
    public bool IsAdministrator { get; } = Roles.Contains(Identity.Roles.Administrators);

    /// <summary>
    /// Who it is, for the audit: by its name, and where an identity provider gave that, which may let people choose it, by its id
    /// and tenant as well.
    /// </summary>
    public string Identification { get; } = (Name == ObjectId, TenantId) switch
    {
        (true, null) => Name,
        (true, _) => $"{Name} (tenant {PlainText.Of(TenantId)})",
        (false, null) => $"{Name} (id {PlainText.Of(ObjectId)})",
        _ => $"{Name} (id {PlainText.Of(ObjectId)}, tenant {PlainText.Of(TenantId)})",
    };
}
