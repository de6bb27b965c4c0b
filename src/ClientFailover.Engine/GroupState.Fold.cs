namespace ClientFailover.Engine;

/// <content>How an event changes the state.</content>
public sealed partial class GroupState
{
    /// <summary>Folds one event into the state, as <see cref="DurableGroup.Apply"/> does into the durable one.</summary>
    internal void Apply(GroupEvent change)
    {
        switch (change)
        {
            case GroupCreated e:
                Configuration = e.Configuration;
                break;
            case GroupDeleted:
                Clear();
                break;
            case SessionRegistered e:
                Add(new DurableSession(e.SessionId, e.Name, e.AdditionalData, e.Order));
                break;
            case SessionNamed e:
                _sessions[e.SessionId].Name = e.Name;
                break;
            case SessionUnregistered e:
                Remove(_sessions[e.SessionId]);
                break;
            case RoleOverrideChanged e:
                ApplyOrder(e, _sessions[e.SessionId]);
                break;
            case RoleChanged e:
                ApplyRole(e, _sessions[e.SessionId]);
                break;
            case LastDataProcessedTimeRecorded e:
                RecordedLastDataProcessedTime = e.Value;
                break;
        }
    }

    private void ApplyRole(RoleChanged e, Session session)
    {
        Term = Math.Max(Term, e.Term);
        RecordedLastDataProcessedTime = e.LastDataProcessedTime ?? RecordedLastDataProcessedTime;
        switch (e.NewRole)
        {
            case Role.Primary:
                (Primary, PrimaryTerm, OwesResumption) = (session, e.Term, false);
                Handover = Handover?.Candidate == session ? null : Handover;
                break;
            case Role.Secondary:
                Primary = Primary == session ? null : Primary;
                Handover = Handover?.Candidate == session ? null : Handover;
                break;
        }
    }

    private void ApplyOrder(RoleOverrideChanged e, Session session)
    {
        (session.Override, session.OverrideExpires) = (e.Value, e.Expires);
        Ordered = e.Value == RoleOverride.Primary ? session : Ordered == session ? null : Ordered;
    }

    private void Add(DurableSession stored)
    {
        var session = new Session(stored);
        _sessions.Add(stored.Id, session);
        Ordered = session.Override == RoleOverride.Primary ? session : Ordered;
        NextOrder = Math.Max(NextOrder, stored.Order + 1);
    }

    private void Remove(Session session)
    {
        _sessions.Remove(session.Id);
        LiveCount -= session.Presence == Presence.Live ? 1 : 0;
        Primary = Primary == session ? null : Primary;
        Ordered = Ordered == session ? null : Ordered;
        Handover = Handover?.Candidate == session ? null : Handover;
    }

    private void Clear()
    {
        _sessions.Clear();
        Configuration = null;
        Primary = null;
        OwesResumption = false;
        Ordered = null;
        Handover = null;
        LastDataProcessedTime = RecordedLastDataProcessedTime = null;
        NextDeadline = null;
        LiveCount = 0;
        Hold.Reset();
    }
}
