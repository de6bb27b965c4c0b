namespace ClientFailover.Service.Transport.Namespaces;

/// <summary>A request that belongs to a namespace. Every request of a unary or watching call must be one.</summary>
internal interface INamespaceScoped
{
    /// <summary>The tenant's id.</summary>
    string TenantId { get; set; }

    /// <summary>The namespace's id.</summary>
    string NamespaceId { get; set; }
}
