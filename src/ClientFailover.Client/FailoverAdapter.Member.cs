namespace ClientFailover.Client;

/// <summary>What the membership asks of an adapter.</summary>
public sealed partial class FailoverAdapter : IFailoverMember
{
    /// <summary>Whether every loop waits for something from outside; for tests, whose time stands still until then.</summary>
    internal bool IsAtRest(Func<string, bool> isCollecting, bool isSending, bool isDraining) =>
        (_pump.IsIdle || isSending) && (_drain.IsIdle || !isDraining) && _runners.TrueForAll(r => r.IsIdle || isCollecting(r.Name));

    /// <inheritdoc/>
    AdapterReport IFailoverMember.Report() => _ledger.Report();

    /// <inheritdoc/>
    void IFailoverMember.Assume(RoleState state, TimeSpan failoverTimeout)
    {
        var before = _ledger.Role;
        _ledger.Assume(state, failoverTimeout);
        if (state.Role != before.Role || state.Term != before.Term)
        {
            LogRole(
                _log, state.Role, (object?)state.Term ?? "not told", state.Reason ?? "no reason told", (object?)state.LastDataProcessedTime ?? "a time not told", state.IsExact);
        }
    }

    /// <inheritdoc/>
    async Task<DateTimeOffset?> IFailoverMember.DrainAsync(DrainOrder order, CancellationToken cancellation)
    {
        LogDrain(_log, order.Term, order.Reason ?? "no reason told");
        var time = await _drain.RunAsync(order, cancellation).ConfigureAwait(false);
        LogDrained(_log, (object?)time ?? "none");
        return time;
    }
}
