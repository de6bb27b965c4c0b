namespace ClientFailover.Engine.Tests.Properties;

/// <content>What each operation does.</content>
internal sealed partial class ScheduleRun
{
    private static readonly TimeSpan NoticedGap = TimeSpan.FromMilliseconds(200);

    private void Do(Operation operation)
    {
        var adapter = adapters[operation.Slot];
        var time = Timeout * operation.Amount / 1000;
        switch (operation.Kind)
        {
            case OperationKind.Run:
                Run(time * 2);
                break;
            case OperationKind.Silence:
                Driver.Advance(time);
                break;
            case OperationKind.CreateGroup:
                Create(operation.Choice % 3 == 0 ? Timeout : Timeout * 2);
                break;
            case OperationKind.DeleteGroup:
                Driver.Advance(operation.Choice % 2 == 0 ? TimeSpan.Zero : Timeout * 3);
                Driver.Change(new DeleteGroup());
                break;
            case OperationKind.Register:
                Register(adapter);
                break;
            case OperationKind.Unregister:
                Driver.Change(new UnregisterSession(adapter.Id));
                adapter.IsRegistered = false;
                adapter.Stream = null;
                break;
            case OperationKind.RestartAdapter:
                RestartAdapter(adapter);
                break;
            case OperationKind.Score:
                adapter.Score = operation.Score;
                break;
            case OperationKind.Mute:
                adapter.IsMuted = true;
                break;
            case OperationKind.Unmute:
                adapter.IsMuted = false;
                break;
            case OperationKind.Heartbeat:
                Run(time / 4);
                Post(adapter, onStream: (adapter.Stream is not null) ^ (operation.Choice % 5 == 0));
                break;
            case OperationKind.OldHeartbeat:
                Driver.Decide(new PostHeartbeat(
                    Now, adapter.Id, operation.Score, adapter.LastDataProcessedTime - time, Now.Utc - time, adapter.Stream is not null));
                break;
            case OperationKind.Tick:
                Driver.Tick();
                break;
            default:
                DoOnStream(operation, adapter, time);
                break;
        }
    }

    private void DoOnStream(Operation operation, Adapter adapter, TimeSpan time)
    {
        switch (operation.Kind)
        {
            case OperationKind.OpenStream:
                OpenStream(adapter, operation.Choice % 3 == 0 ? null : adapter.LastKnownTerm);
                break;
            case OperationKind.BreakStream:
                EndStream(adapter, adapter.Stream, broken: true);
                break;
            case OperationKind.CloseStream:
                EndStream(adapter, adapter.Stream, broken: false);
                break;
            case OperationKind.LateStreamEnd:
                EndStream(adapter, adapter.FormerStream, operation.Choice % 2 == 0);
                break;
            case OperationKind.WithdrawHint:
                Driver.Decide(new WithdrawConnectionLossHint(Now, adapter.Id));
                break;
            case OperationKind.Acknowledge:
                var term = (adapter.Order?.Term ?? Driver.State.Term) + (operation.Choice % 4 == 0 ? 1 : 0);
                Driver.Decide(new AcknowledgeAssignment(Now, adapter.Id, term, operation.Choice % 3 == 0 ? null : Now.Utc));
                break;
            default:
                DoToService(operation, adapter, time);
                break;
        }
    }

    private void DoToService(Operation operation, Adapter adapter, TimeSpan time)
    {
        switch (operation.Kind)
        {
            case OperationKind.Override:
                var order = (RoleOverride)(operation.Choice % 3);
                var period = operation.Choice % 2 == 0 ? (TimeSpan?)null : (time * 2) + TimeSpan.FromMilliseconds(1);
                Driver.Change(new SetRoleOverride(adapter.Id, order, period));
                break;
            case OperationKind.RestartService:
                RestartService(time);
                break;
            case OperationKind.PauseService:
                AbsentSince = time > NoticedGap ? Now.Monotonic : null;
                Driver.Pass(time);
                Absence(adapter, operation.Choice % 4 == 0 ? null : time, operation.Choice % 3 == 0);
                break;
            case OperationKind.JumpUtc:
                AbsentSince = Now.Monotonic;
                Driver.JumpUtc((operation.Choice % 2 == 0 ? 1 : -1) * time * ((operation.Choice / 2) + 1));
                Absence(adapter, null, operation.Choice % 3 == 0);
                break;
            default:
                throw new InvalidOperationException($"{operation.Kind} is no operation.");
        }
    }

    /// <param name="adapter">An adapter.</param>
    /// <param name="gap">What the engine is told.</param>
    /// <param name="heardBefore">The thread of a transport is awake before the one that notices.</param>
    private void Absence(Adapter adapter, TimeSpan? gap, bool heardBefore)
    {
        if (AbsentSince is null)
        {
            Driver.Advance(TimeSpan.Zero);
            return;
        }

        if (heardBefore)
        {
            Post(adapter, adapter.Stream is not null);
        }

        AbsentSince = null;
        Driver.Decide(new ServiceWasAbsent(Now, gap));
    }

    private void RestartAdapter(Adapter adapter)
    {
        adapter.LastKnownTerm = null;
        adapter.LastDataProcessedTime = null;
        adapter.Role = Role.Secondary;
        adapter.IsMuted = false;
        adapter.NextBeat = Now.Monotonic;
        if (adapter.PrefersStream)
        {
            EndStream(adapter, adapter.Stream, broken: true);
        }
        else
        {
            Register(adapter);
        }
    }

    private void EndStream(Adapter adapter, long? stream, bool broken)
    {
        if (stream is { } id)
        {
            adapter.FormerStream = id;
            adapter.Stream = adapter.Stream == id ? null : adapter.Stream;
            Driver.Decide(new StreamEnded(Now, adapter.Id, id, broken));
        }
    }

    private void RestartService(TimeSpan down)
    {
        var shift = Driver.Restart(down);
        acknowledgements.Clear();
        foreach (var adapter in adapters)
        {
            adapter.FormerStream = adapter.Stream = null;
            adapter.NextBeat += shift;
            adapter.NextBeat = adapter.NextBeat < Now.Monotonic ? Now.Monotonic : adapter.NextBeat;
        }

        Log.Add(null);
        Decisions.Add(default);
        tail.Enqueue($"  restart at {Now}");
        Hearings.Restart(Now, Snapshot.Of(Driver.State));
        Show(null, default);
    }
}
