using System.Runtime.CompilerServices;
using ClientFailover.Service.Identity;
using ClientFailover.Service.Tenants;

namespace ClientFailover.Service.AccessControl;

/// <summary>
/// Responsible for what a list comes to for a caller. A list never changes, another one takes its place; so what it comes
/// to is worked out once for each caller, and a heartbeat pays for a look-up by reference at most.
/// </summary>
/// <param name="entries">The entries.</param>
internal sealed class AccessList(IReadOnlyList<AccessEntry> entries)
{
    /// <summary>What administrators can always do, or a list could lock all of them out, and nobody could set another.</summary>
    public const AccessRights KeptByAdministrators = AccessRights.Read | AccessRights.ManageAccessControl;

    // Weak: callers come and go with their credentials, a list stays.
    private readonly ConditionalWeakTable<Caller, object> _rights = [];

    /// <summary>What holds where no list was set.</summary>
    public static AccessList Default { get; } = new(
    [
        new(TrusteeType.Role, Roles.Administrators, null, IsDenied: false, AccessRights.All),
        new(TrusteeType.Role, Roles.Users, null, IsDenied: false, AccessRights.Read | AccessRights.Write),
    ]);

    /// <summary>The entries.</summary>
    public IReadOnlyList<AccessEntry> Entries { get; } = entries;

    /// <summary>Whether a caller has rights.</summary>
    /// <param name="caller">The caller.</param>
    /// <param name="needed">The rights; all of them are needed.</param>
    /// <returns>Whether it has them all.</returns>
    public bool Allows(Caller caller, AccessRights needed)
    {
        if (!_rights.TryGetValue(caller, out var known))
        {
            known = _rights.GetValue(caller, c => Evaluate(c));
        }

        return ((AccessRights)known & needed) == needed;
    }

    private static bool Is(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    private static bool Matches(AccessEntry entry, Caller caller)
    {
        // Who belongs to no tenant is of the service, whose own tenant is the default one.
        if (entry.TenantId is { } tenant && !Is(caller.TenantId ?? DefaultNamespace.Id, tenant))
        {
            return false;
        }

        return entry.Type == TrusteeType.Role
            ? caller.Roles.Any(r => Is(r, entry.ObjectId))
            : (int)entry.Type == (int)caller.Kind && Is(entry.ObjectId, caller.ObjectId);
    }

    private AccessRights Evaluate(Caller caller)
    {
        var (allowed, denied) = (AccessRights.None, AccessRights.None);
        foreach (var entry in Entries.Where(e => Matches(e, caller)))
        {
            allowed |= entry.IsDenied ? AccessRights.None : entry.Rights;
            denied |= entry.IsDenied ? entry.Rights : AccessRights.None;
        }

        return (allowed & ~denied) | (caller.IsAdministrator ? KeptByAdministrators : AccessRights.None);
    }
}
