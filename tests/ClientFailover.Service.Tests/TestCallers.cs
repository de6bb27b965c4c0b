using ClientFailover.Service.Identity;

namespace ClientFailover.Service.Tests;

/// <summary>Callers that schemes would make.</summary>
internal static class TestCallers
{
    /// <summary>An administrator of the service.</summary>
    public static Caller Administrator { get; } = Of("admin", null, Roles.Administrators);

    /// <summary>An adapter's account of the service.</summary>
    public static Caller Adapter { get; } = Of("adapter", null, Roles.Users);

    /// <summary>A caller.</summary>
    /// <param name="name">Its name, and its id.</param>
    /// <param name="tenant">Its tenant; null: none.</param>
    /// <param name="roles">Its roles.</param>
    public static Caller Of(string name, string? tenant, params string[] roles) => new(name, CallerKind.User, name, tenant, roles, "Test");
}
