using NUnit.Framework;

namespace ClientFailover.Conformance.Crash;

/// <summary>What was acknowledged of one group, and what was asked for and not yet answered when the service died.</summary>
/// <param name="id">The group's id.</param>
internal sealed class GroupModel(string id)
{
    /// <summary>The group's id.</summary>
    public string Id => id;

    /// <summary>Whether it exists.</summary>
    public bool Exists { get; set; }

    /// <summary>Its sessions, and the orders for them.</summary>
    public Dictionary<string, V1.RoleOverride> Sessions { get; } = [];

    /// <summary>The rights in its access control list; null: it has the default list.</summary>
    public long? Rights { get; set; }

    /// <summary>Who is Primary.</summary>
    public string? Primary { get; set; }

    /// <summary>What was asked for and not answered; null: everything was.</summary>
    public Change? Pending { get; set; }

    /// <summary>Puts what was acknowledged into effect.</summary>
    public void Acknowledge(Change change)
    {
        switch (change.Kind)
        {
            case ChangeKind.CreateGroup:
                Exists = true;
                break;
            case ChangeKind.DeleteGroup:
                Exists = false;
                Rights = null;
                break;
            case ChangeKind.Access:
                Rights = (long)change.Score;
                break;
            case ChangeKind.Register:
                Sessions.Add(change.Session, V1.RoleOverride.Off);
                break;
            case ChangeKind.Unregister:
                Sessions.Remove(change.Session);
                Primary = Primary == change.Session ? null : Primary;
                break;
            case ChangeKind.Order:
                ReplaceOrder(change);
                break;
            default:
                Primary = change.Answer == V1.Role.Primary ? change.Session : Primary;
                break;
        }
    }

    /// <summary>Checks the access control list after a restart of the service. Before <see cref="Check"/>.</summary>
    /// <param name="rights">The rights in it; null: it is the default one, or there is no group.</param>
    public void CheckRights(long? rights)
    {
        if (Pending is { Kind: ChangeKind.Access } change && rights == (long)change.Score)
        {
            Acknowledge(change);
        }

        var isGone = rights is null && Pending is { Kind: ChangeKind.DeleteGroup };
        Assert.That(rights == Rights || isGone, Is.True, () => $"Expected the rights {Rights} of {this}, but the service has {rights}");
    }

    /// <summary>Checks what the service knows after its restart: exactly this, or this and what was not answered.</summary>
    /// <param name="state">What it knows; null: it knows of no such group.</param>
    public void Check(V1.GroupState? state)
    {
        var matches = Matches(state);
        if (!matches && Pending is { } change)
        {
            // A heartbeat's answer is not known; whatever it was, it made its own session Primary or nobody.
            Acknowledge(change with { Answer = V1.Role.Primary });
            matches = Matches(state);
        }

        Assert.That(matches, Is.True, () => $"Expected {this}, but the service has {state}");
        Pending = null;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Id}: exists {Exists}, Primary {Primary}, sessions {string.Join(", ", Sessions)}, not answered {Pending}";

    private bool Matches(V1.GroupState? state) => state is null
        ? !Exists
        : Exists
            && (state.Status.HasPrimary ? state.Status.Primary : null) == Primary
            && state.Sessions.Count == Sessions.Count
            && state.Sessions.All(s => Sessions.TryGetValue(s.Id, out var order) && order == s.RoleOverride);

    private void ReplaceOrder(Change change)
    {
        if (change.Value == V1.RoleOverride.Primary)
        {
            foreach (var (session, _) in Sessions.Where(s => s.Value == V1.RoleOverride.Primary).ToList())
            {
                Sessions[session] = V1.RoleOverride.Off;
            }
        }

        Sessions[change.Session] = change.Value;
    }
}

/// <summary>Something asked of a group.</summary>
/// <param name="Kind">What.</param>
/// <param name="Session">Of which session.</param>
/// <param name="Value">Which order.</param>
/// <param name="Score">Which score, or which rights.</param>
/// <param name="Answer">The answered role.</param>
internal sealed record Change(
    ChangeKind Kind, string Session = "", V1.RoleOverride Value = default, float Score = 0, V1.Role Answer = default);

/// <summary>Kinds of <see cref="Change"/>.</summary>
internal enum ChangeKind
{
    /// <summary>Creates the group.</summary>
    CreateGroup,

    /// <summary>Deletes it.</summary>
    DeleteGroup,

    /// <summary>Registers a session.</summary>
    Register,

    /// <summary>Deletes a session.</summary>
    Unregister,

    /// <summary>Orders a session's role.</summary>
    Order,

    /// <summary>Sets its access control list.</summary>
    Access,

    /// <summary>A heartbeat.</summary>
    Beat,
}
