using ClientFailover.Engine;
using ClientFailover.Service.Tenants;

namespace ClientFailover.Service.Groups;

/// <summary>Changes of configuration, membership and orders: planned, committed, then applied.</summary>
internal sealed partial class GroupOwner
{
    /// <summary>The newest change: the next one waits for it, so that one at a time is on its way to the disk.</summary>
    private Task _lastChange = Task.CompletedTask;

    /// <summary>The change that is on its way.</summary>
    private ChangeRequest? _changing;

    /// <inheritdoc/>
    public Task<ChangeResult> ChangeAsync(ChangeRequest request, CancellationToken cancellation) =>
        ChangeAsync(request, isRestart: request is RegisterSession, cancellation);

    /// <inheritdoc/>
    public Task<ChangeResult> EnsureSessionAsync(RegisterSession request, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_state.Find(request.SessionId) is { } session && (string.IsNullOrEmpty(request.Name) || request.Name == session.Name))
            {
                return Task.FromResult(new ChangeResult(false, null));
            }
        }

        return ChangeAsync(request, isRestart: false, cancellation);
    }

    private async Task<ChangeResult> ChangeAsync(ChangeRequest request, bool isRestart, CancellationToken cancellation)
    {
        // A caller that has gone is no reason not to make the change; one that was told it was not made, is.
        using var given = new CancellationTokenSource();
        Task<ChangeResult> change;
        lock (_gate)
        {
            _lastChange = change = ChangeInTurnAsync(_lastChange, request, isRestart, given.Token);
        }

        try
        {
            return await change.WaitAsync(StoreUnavailableException.Patience, _services.Clock.Time, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            await given.CancelAsync().ConfigureAwait(false);
            throw StoreUnavailableException.NotAnswered();
        }
        finally
        {
            lock (_gate)
            {
                // A change that is done is not kept for the life of the group.
                _lastChange = _lastChange.IsCompleted ? Task.CompletedTask : _lastChange;
            }
        }
    }

    private async Task<ChangeResult> ChangeInTurnAsync(Task previous, ChangeRequest request, bool isRestart, CancellationToken givenUp)
    {
        await previous.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        givenUp.ThrowIfCancellationRequested();
        if (Plan(request, isRestart, out var result) is not { } write)
        {
            return result;
        }

        try
        {
            var (groups, sessions) = Made(write.Events);
            var space = groups + sessions > 0 ? _services.Tenants.Find(Key.Tenant, Key.Namespace) : null;
            if (groups + sessions > 0 && (space is null ? LimitReached.Removed : space.TryTake(groups, sessions)) is { } limit)
            {
                // A namespace that was removed since the caller was let in must not get a group that nobody sees until there is
                // a namespace of the same id.
                return new ChangeResult(false, null, Limit: limit);
            }

            _services.Store.Append(write);
            if (!await write.Stored.ConfigureAwait(false))
            {
                space?.Release(groups, sessions);
                throw new StoreUnavailableException(_services.Store.Health.Reason ?? "The store refused the change.");
            }

            return new ChangeResult(
                true, null, write.Events is [GroupCreated or SessionRegistered], write.Events is [.., RoleOverrideChanged order] ? order.Expires : null);
        }
        finally
        {
            lock (_gate)
            {
                _changing = null;
                _state.Planned = [];
                if (request is SetRoleOverride)
                {
                    // An old order that was kept from ending may have to end now.
                    Arm(_services.Clock.Monotonic);
                }
            }
        }
    }

    /// <summary>What of that which a namespace may have a limited number of comes to be with events.</summary>
    private static (int Groups, int Sessions) Made(IReadOnlyList<GroupEvent> events) =>
        (events.Count(e => e is GroupCreated), events.Count(e => e is SessionRegistered));

    private ChangeWrite? Plan(ChangeRequest request, bool isRestart, out ChangeResult result)
    {
        lock (_gate)
        {
            var now = _services.Clock.Now;
            var plan = ChangePlanner.Plan(_state, request, now);
            if (isRestart && plan.Refusal is null && request is RegisterSession { SessionId: var id } && _state.Find(id) is not null)
            {
                Apply(new RegisterAgain(now, id));
            }

            result = new ChangeResult(false, plan.Refusal);
            if (plan.Events.Count == 0)
            {
                return null;
            }

            var most = _services.Tenants.MaxSessionsPerGroup;
            if (plan.Events is [SessionRegistered] && _state.Sessions.Count >= most)
            {
                // Some steps of a group look at all of its sessions, and others wait meanwhile.
                result = new ChangeResult(false, null, Limit: new LimitReached(LimitKind.SessionsOfGroup, most));
                return null;
            }

            _changing = request;
            _state.Planned = plan.Events;
            return new ChangeWrite(this, _state.PrimaryTerm, plan.Events);
        }
    }

    /// <summary>The store has taken a change: it is made.</summary>
    /// <param name="write">The change.</param>
    /// <param name="firstRevision">Revision of its first event.</param>
    public void Stored(ChangeWrite write, long firstRevision)
    {
        List<IAdapterLink> ended = [];
        var removed = Made(write.Events).Sessions;
        if (write.Events is [GroupCreated])
        {
            // Before anybody sees the group.
            _services.Access.Inherit(Key);
        }

        lock (_gate)
        {
            removed += _state.Sessions.Count;
            Apply(new ApplyChanges(_services.Clock.Now, write.Events), write.Events);
            removed -= _state.Sessions.Count;
            _announcements.Forget();
            foreach (var change in write.Events)
            {
                Forget(change);
                Detach(change, ended);
            }
        }

        var space = _services.Tenants.Find(Key.Tenant, Key.Namespace);
        var isDeleted = write.Events is [GroupDeleted];
        if (write.Events is [GroupCreated])
        {
            space?.Groups.Add(this);
        }
        else if (isDeleted)
        {
            space?.Groups.Remove(this);
        }

        // After the state shows it: a watcher whose snapshot is of this revision must find it there.
        Publish(write, firstRevision);
        if (isDeleted)
        {
            _services.Access.Forget(Key);
        }

        if (isDeleted || removed > 0)
        {
            space?.Release(isDeleted ? 1 : 0, removed);
        }

        ThreadPool.UnsafeQueueUserWorkItem(
            static x =>
            {
                x.Ended.ForEach(link => link.End(LinkEnd.SessionDeleted));
                x.Owner.LogEvents(x.Events);
            },
            (Owner: this, Ended: ended, write.Events),
            preferLocal: false);
    }

    /// <summary>People may be told anew of an adapter that is registered anew.</summary>
    private void Forget(GroupEvent change)
    {
        if (change is GroupDeleted)
        {
            _oddities = null;
        }
        else if (change is SessionUnregistered e)
        {
            _oddities?.Forget(e.SessionId);
        }
    }

    /// <summary>Takes the streams of removed sessions away: one that registers under the same id is another session. Under the lock.</summary>
    private void Detach(GroupEvent change, List<IAdapterLink> ended)
    {
        var gone = change switch
        {
            SessionUnregistered e => [e.SessionId],
            GroupDeleted => _links?.Keys.ToArray() ?? [],
            _ => Array.Empty<string>(),
        };
        foreach (var sessionId in gone)
        {
            if (_links?.Remove(sessionId, out var link) == true)
            {
                link.Session = null;
                ended.Add(link);
            }
        }
    }

    /// <summary>Whether a session is being removed: it is not to be given a role any more.</summary>
    private bool IsLeaving(string sessionId) =>
        _changing is DeleteGroup
        || (_changing is UnregisterSession leaving && string.Equals(leaving.SessionId, sessionId, StringComparison.OrdinalIgnoreCase));
}
