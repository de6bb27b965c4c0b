namespace ClientFailover.Service.Transport.Namespaces;

/// <summary>Responsible for a service that has one tenant with one namespace: those of the on-premises routes.</summary>
internal sealed class SingleNamespace : INamespaceDirectory
{
    /// <summary>Id of the tenant and of the namespace that are meant when none is named.</summary>
    public const string Default = "default";

    /// <inheritdoc/>
    public bool Exists(string tenant, string @namespace) =>
        string.Equals(tenant, Default, StringComparison.OrdinalIgnoreCase)
        && string.Equals(@namespace, Default, StringComparison.OrdinalIgnoreCase);
}
