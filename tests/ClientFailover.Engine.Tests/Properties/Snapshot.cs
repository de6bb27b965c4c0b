namespace ClientFailover.Engine.Tests.Properties;

/// <summary>What matters of a group's state at one moment.</summary>
/// <param name="Primary">The Primary on record.</param>
/// <param name="Pending">The session that is about to become Primary.</param>
/// <param name="Term">The highest term.</param>
/// <param name="LastDataProcessedTime">The group's.</param>
/// <param name="Roles">The sessions that are not Secondary, by id.</param>
internal sealed record Snapshot(
    string? Primary,
    string? Pending,
    long Term,
    DateTime? LastDataProcessedTime,
    IReadOnlyList<(string Id, Role Role)> Roles)
{
    internal static Snapshot Of(GroupState state)
    {
        List<(string, Role)> roles = [];
        foreach (var session in state.Sessions)
        {
            if (state.RoleOf(session) is var role and not Role.Secondary)
            {
                roles.Add((session.Id, role));
            }
        }

        roles.Sort();
        return new Snapshot(state.Primary?.Id, state.PendingPrimary?.Id, state.Term, state.LastDataProcessedTime, roles);
    }

    public override string ToString() =>
        $"Primary {Primary ?? "-"}, pending {Pending ?? "-"}, term {Term}, LDPT {LastDataProcessedTime:O}, roles {string.Join(' ', Roles)}";

    internal bool SameRolesAs(Snapshot other) =>
        Primary == other.Primary && Pending == other.Pending && Roles.SequenceEqual(other.Roles);
}

/// <summary>One command and what became of it.</summary>
/// <param name="Command">The command; null: a restart of the service.</param>
/// <param name="Before">The state before it.</param>
/// <param name="Decision">What was decided.</param>
/// <param name="After">The state after it.</param>
/// <param name="Now">When.</param>
internal sealed record Step(GroupCommand? Command, Snapshot Before, Decision Decision, Snapshot After, Now Now)
{
    /// <summary>The roles that changed.</summary>
    internal IEnumerable<RoleChanged> RoleChanges => (Decision.Events ?? []).OfType<RoleChanged>();

    /// <summary>The sessions that became Primary without being it.</summary>
    internal IEnumerable<RoleChanged> Promotions =>
        RoleChanges.Where(e => e.NewRole == Role.Primary && e.OldRole != Role.Primary);
}
