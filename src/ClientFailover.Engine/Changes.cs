namespace ClientFailover.Engine;

/// <summary>What committed changes of configuration, membership and orders do to a group at work.</summary>
internal static class Changes
{
    /// <summary>Folds the changes, and reacts to each.</summary>
    public static void Apply(Transition t, IReadOnlyList<GroupEvent> changes)
    {
        foreach (var change in changes)
        {
            switch (change)
            {
                case SessionUnregistered e:
                    Unregister(t, e);
                    break;
                case RoleOverrideChanged e:
                    Order(t, e, isLast: ReferenceEquals(change, changes[^1]));
                    break;
                case SessionRegistered e:
                    t.Emit(e);
                    Liveness.Register(t, t.State.Find(e.SessionId)!);
                    break;
                default:
                    t.Emit(change);
                    break;
            }
        }
    }

    private static void Unregister(Transition t, SessionUnregistered e)
    {
        var session = t.State.Find(e.SessionId);
        var wasPrimary = session is not null && session == t.State.Primary;
        var candidacy = session is not null && session == t.State.PendingPrimary ? t.State.Handover : null;
        t.Emit(e);
        if (wasPrimary)
        {
            Succession.PrimaryUnregistered(t);
        }
        else if (candidacy is not null)
        {
            Succession.CandidateLost(t, candidacy);
        }
    }

    /// <summary>An order that replaces another comes last: in between, the group must not act as if there were none.</summary>
    private static void Order(Transition t, RoleOverrideChanged e, bool isLast)
    {
        var session = t.State.Find(e.SessionId)!;
        var before = session.Override;
        t.Emit(e);
        if (e.Expires is { } expires)
        {
            t.State.Arm(t.Now + (expires - t.Utc));
        }

        if (isLast)
        {
            Succession.OrderChanged(t, session, before);
        }
    }
}
