namespace ClientFailover.Engine;

/// <summary>
/// Judges changes of configuration, membership and orders, and says which events they come to. Changes nothing: the
/// events are committed first and applied then (<see cref="ApplyChanges"/>), so that a change is durable before
/// anybody sees it.
/// </summary>
public static class ChangePlanner
{
    /// <summary>Plans a change.</summary>
    /// <param name="state">The group.</param>
    /// <param name="request">The change.</param>
    /// <param name="now">Now.</param>
    /// <returns>The events to commit; none: it is so already. Or a refusal.</returns>
    /// <exception cref="ArgumentException">The request is of a kind that this version does not know.</exception>
    public static ChangePlan Plan(GroupState state, ChangeRequest request, Now now)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(request);
        if (request is CreateGroup create)
        {
            return Create(state, create, now);
        }

        if (state.Configuration is null)
        {
            return Refuse(RefusalKind.GroupNotFound);
        }

        return request switch
        {
            DeleteGroup => Delete(state, now),
            RegisterSession r => Register(state, r, now),
            UnregisterSession r => Unregister(state, r, now),
            SetRoleOverride r => Override(state, r, now),
            _ => throw new ArgumentException($"Unknown change {request.GetType().Name}.", nameof(request)),
        };
    }

    private static ChangePlan Create(GroupState state, CreateGroup request, Now now)
    {
        var group = request.Group;
        if (state.Configuration is { } existing)
        {
            return existing.Matches(group) ? Commit() : Refuse(RefusalKind.GroupDiffers);
        }

        var timeout = group.FailoverTimeout ?? request.DefaultFailoverTimeout;
        return Commit(new GroupCreated(
            now.Utc,
            new GroupConfiguration(group.Id, NullIfEmpty(group.Name), NullIfEmpty(group.Description), timeout, group.AdditionalData)));
    }

    private static ChangePlan Delete(GroupState state, Now now) =>
        state.Sessions.Any(s => IsActive(state, s, now)) ? Refuse(RefusalKind.GroupActive) : Commit(new GroupDeleted(now.Utc));

    /// <summary>
    /// Active sessions are registered and have not timed out yet, or were heard from within the failover timeout: one that
    /// is lost because its stream broke may be back any moment.
    /// </summary>
    private static bool IsActive(GroupState state, Session session, Now now) => session.Presence == Presence.Lost
        ? now.Monotonic - session.LastHeard < state.FailoverTimeout
        : session.Deadline > now.Monotonic;

    private static ChangePlan Register(GroupState state, RegisterSession request, Now now)
    {
        var name = NullIfEmpty(request.Name);
        if (state.Find(request.SessionId) is not { } session)
        {
            return Commit(new SessionRegistered(now.Utc, request.SessionId, name, request.AdditionalData, state.NextOrder));
        }

        if (name is null || name == session.Name)
        {
            return Commit();
        }

        return session.Name is null ? Commit(new SessionNamed(now.Utc, session.Id, name)) : Refuse(RefusalKind.SessionNameDiffers);
    }

    private static ChangePlan Unregister(GroupState state, UnregisterSession request, Now now)
    {
        if (state.Find(request.SessionId) is not { } session)
        {
            return Refuse(RefusalKind.SessionNotFound);
        }

        if (!request.OnlyIfStale)
        {
            return Commit(new SessionUnregistered(now.Utc, session.Id));
        }

        var isStale = session is { Presence: Presence.Lost, Override: RoleOverride.Off }
            && session != state.Primary && session != state.PendingPrimary && state.LiveCount > 0;
        return isStale ? Commit(new SessionUnregistered(now.Utc, session.Id, Reason.SessionStale)) : Commit();
    }

    private static ChangePlan Override(GroupState state, SetRoleOverride request, Now now)
    {
        if (state.Find(request.SessionId) is not { } session)
        {
            return Refuse(RefusalKind.SessionNotFound);
        }

        if (request.Value == RoleOverride.Off)
        {
            return session.Override == RoleOverride.Off
                ? Commit()
                : Commit(new RoleOverrideChanged(now.Utc, session.Id, RoleOverride.Off, null));
        }

        var order = new RoleOverrideChanged(now.Utc, session.Id, request.Value, Expiration(now.Utc, request.Period));
        var replaced = request.Value == RoleOverride.Primary
            ? state.Sessions.Where(s => s != session && s.Override == RoleOverride.Primary).OrderBy(s => s.Order)
            : Enumerable.Empty<Session>();
        return Commit([.. replaced.Select(s => new RoleOverrideChanged(now.Utc, s.Id, RoleOverride.Off, null)), order]);
    }

    private static DateTime? Expiration(DateTime utc, TimeSpan? period) =>
        period is null ? null : period > DateTime.MaxValue - utc ? DateTime.MaxValue : utc + period;

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static ChangePlan Commit(params GroupEvent[] events) => new(events);

    private static ChangePlan Refuse(RefusalKind kind) => new([], new Refusal(kind));
}
