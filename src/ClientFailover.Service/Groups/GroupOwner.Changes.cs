using ClientFailover.Engine;

namespace ClientFailover.Service.Groups;

/// <summary>Changes of configuration, membership and orders: planned, committed, then applied.</summary>
internal sealed partial class GroupOwner
{
    private static readonly TimeSpan LongestChange = TimeSpan.FromSeconds(10);

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
        // The change goes on when nobody waits for it any more: once committed it must be applied.
        Task<ChangeResult> change;
        lock (_gate)
        {
            _lastChange = change = ChangeInTurnAsync(_lastChange, request, isRestart, cancellation);
        }

        try
        {
            return await change.WaitAsync(LongestChange, _services.Clock.Time, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new StoreUnavailableException("The store has not answered for 10 seconds. The change may still be made.");
        }
    }

    private async Task<ChangeResult> ChangeInTurnAsync(Task previous, ChangeRequest request, bool isRestart, CancellationToken cancellation)
    {
        await previous.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        cancellation.ThrowIfCancellationRequested();
        if (Plan(request, isRestart, out var result) is not { } write)
        {
            return result;
        }

        try
        {
            _services.Store.Append(write);
            if (!await write.Stored.ConfigureAwait(false))
            {
                throw new StoreUnavailableException(_services.Store.Health.Reason ?? "The store refused the change.");
            }

            Apply(write);
            return new ChangeResult(true, null, write.Events is [GroupCreated or SessionRegistered]);
        }
        finally
        {
            lock (_gate)
            {
                _changing = null;
            }
        }
    }

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

            _changing = request;
            return new ChangeWrite(this, _state.PrimaryTerm, plan.Events);
        }
    }

    private void Apply(ChangeWrite write)
    {
        List<IAdapterLink> ended = [];
        lock (_gate)
        {
            Apply(new ApplyChanges(_services.Clock.Now, write.Events), write.Events);
            _announcements.Forget();
            foreach (var (sessionId, link) in _links ?? [])
            {
                if (_state.Find(sessionId) is null)
                {
                    ended.Add(link);
                }
            }
        }

        ended.ForEach(link => link.End(LinkEnd.SessionDeleted));
        LogEvents(write.Events);
    }

    /// <summary>Whether a session is being removed: it is not to be given a role any more.</summary>
    private bool IsLeaving(string sessionId) =>
        _changing is DeleteGroup
        || (_changing is UnregisterSession leaving && string.Equals(leaving.SessionId, sessionId, StringComparison.OrdinalIgnoreCase));
}
