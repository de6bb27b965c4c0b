namespace ClientFailover.Service.Tenants;

/// <summary>The tenant, and the namespace of it, that are meant where none is named. They always exist.</summary>
internal static class DefaultNamespace
{
    /// <summary>The id of both.</summary>
    public const string Id = "default";

    /// <summary>Whether a tenant's or namespace's id is it.</summary>
    /// <param name="id">The id.</param>
    /// <returns>Whether it is.</returns>
    public static bool Is(string id) => string.Equals(id, Id, StringComparison.OrdinalIgnoreCase);
}
