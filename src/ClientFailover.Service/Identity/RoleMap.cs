namespace ClientFailover.Service.Identity;

/// <summary>Responsible for which of the two roles a caller has that is known by names of somebody else's making.</summary>
/// <param name="users">Names of users, separated by semicolons.</param>
/// <param name="administrators">Names of administrators, separated by semicolons.</param>
/// <param name="comparer">How names are compared.</param>
internal sealed class RoleMap(string users, string administrators, IEqualityComparer<string> comparer)
{
    private readonly HashSet<string> _users = new(Parse(users), comparer);
    private readonly HashSet<string> _administrators = new(Parse(administrators), comparer);

    /// <summary>Reads a list of names.</summary>
    /// <param name="text">Names, separated by semicolons: commas and colons are parts of some.</param>
    /// <returns>The names.</returns>
    public static IReadOnlyList<string> Parse(string text) =>
        text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The roles of whoever has some names.</summary>
    /// <param name="names">The names.</param>
    /// <returns>Those of <see cref="Roles"/> that one of the names is mapped to; empty: none is.</returns>
    public IReadOnlyList<string> RolesOf(IReadOnlyCollection<string> names)
    {
        var roles = new List<string>(2);
        if (names.Any(_users.Contains))
        {
            roles.Add(Roles.Users);
        }

        if (names.Any(_administrators.Contains))
        {
            roles.Add(Roles.Administrators);
        }

        return roles;
    }
}
