namespace ClientFailover.Service.Transport.Namespaces;

/// <summary>A request about one group of its namespace. Every request with a group's id must be one.</summary>
internal interface IGroupScoped : INamespaceScoped
{
    /// <summary>The group's id, as the caller wrote it; null or empty: it names none.</summary>
    string? GroupId { get; }
}
