namespace ClientFailover.Service.Identity;

/// <summary>The two roles, under the names they have in the reference product.</summary>
internal static class Roles
{
    /// <summary>Adapters: groups, sessions, heartbeats.</summary>
    public const string Users = "AVEVAFailoverUsers";

    /// <summary>Administrators: everything users may, deletion of groups, overrides, configuration, access control.</summary>
    public const string Administrators = "AVEVAFailoverAdministrators";

    /// <summary>Both.</summary>
    public static IReadOnlyList<string> All { get; } = [Users, Administrators];
}
