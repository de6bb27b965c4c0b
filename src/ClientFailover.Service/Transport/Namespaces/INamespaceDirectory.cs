namespace ClientFailover.Service.Transport.Namespaces;

/// <summary>Knows which tenants and namespaces there are.</summary>
internal interface INamespaceDirectory
{
    /// <summary>Whether a namespace exists.</summary>
    /// <param name="tenant">The tenant's id.</param>
    /// <param name="namespace">The namespace's id.</param>
    /// <returns>True when both exist.</returns>
    bool Exists(string tenant, string @namespace);
}
