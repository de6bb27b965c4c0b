using ClientFailover.Engine.Tests.Driving;

namespace ClientFailover.Engine.Tests.Properties;

/// <summary>Responsible for playing a schedule against the engine, and for showing every step to a guarantee.</summary>
internal sealed partial class ScheduleRun
{
    /// <summary>How session ids begin.</summary>
    internal const string Prefix = "s";

    /// <summary>A field adapter confirms at most this often in a row.</summary>
    private const int MostConfirmations = 10;

    private const int Remembered = 14;

    private readonly Schedule schedule;
    private readonly Guarantee guarantee;
    private readonly Adapter[] adapters;
    private readonly List<(TimeSpan Time, Adapter Adapter, long Term)> acknowledgements = [];
    private readonly Queue<string> tail = new();
    private Snapshot before;
    private long lastStream;

    internal ScheduleRun(Schedule schedule, Guarantee guarantee, string prefix = Prefix)
    {
        this.schedule = schedule;
        this.guarantee = guarantee;
        Driver = new GroupDriver(schedule.Settings) { Decided = OnDecided, TickLateness = TimeSpan.FromMilliseconds(schedule.Lateness) };
        Hearings = new HearingModel(schedule.Settings);
        before = Snapshot.Of(Driver.State);
        adapters = [.. Enumerable.Range(0, Schedules.MostAdapters).Select(slot => new Adapter
        {
            Id = $"{prefix}{slot}",
            PrefersStream = (schedule.Streams & (1 << slot)) != 0,
            StepDown = (schedule.StepDown & (1 << slot)) != 0,
            ClockAhead = TimeSpan.FromSeconds(slot == 3 ? 30 : 0),
        })];
    }

    internal GroupDriver Driver { get; }

    internal HearingModel Hearings { get; }

    /// <summary>Since when the service was absent, while the engine was not told yet.</summary>
    internal TimeSpan? AbsentSince { get; private set; }

    /// <summary>All commands, in order; restarts are null.</summary>
    internal List<GroupCommand?> Log { get; } = [];

    /// <summary>All decisions, in order.</summary>
    internal List<Decision> Decisions { get; } = [];

    /// <summary>How many commands were decided.</summary>
    internal int Commands => Log.Count;

    private TimeSpan Timeout => Driver.Recorded.Configuration?.FailoverTimeout ?? schedule.FailoverTimeout;

    private Now Now => Driver.Now;

    internal void Play()
    {
        Create(schedule.FailoverTimeout);
        foreach (var adapter in adapters.Take(schedule.Adapters))
        {
            Register(adapter);
        }

        foreach (var operation in schedule.Operations)
        {
            Do(operation);
        }

        guarantee.End(this);
    }

    internal string Tail() => string.Join('\n', tail);

    private void OnDecided(GroupCommand command, Decision decision)
    {
        Log.Add(command);
        Decisions.Add(decision);
        Remember(command, decision);
        Hearings.Observe(command, decision, before);
        Show(command, decision);
        if (decision.DrainOrder is { } order && Array.Find(adapters, a => a.Id == order.SessionId) is { } adapter)
        {
            adapter.Order = order;
            acknowledgements.Add((Now.Monotonic + DrainTime(order), adapter, order.Term));
        }

        foreach (var pushed in decision.Events.OfType<RoleChanged>().Where(e => e.NewRole == Role.PendingPrimary && e.Term % 3 != 0))
        {
            if (Array.Find(adapters, a => a.Id == pushed.SessionId) is { Stream: not null } candidate)
            {
                acknowledgements.Add((Now.Monotonic + (Timeout / 20 * (pushed.Term % 3)), candidate, pushed.Term));
            }
        }
    }

    private void Remember(GroupCommand command, Decision decision)
    {
        tail.Enqueue($"  {command} -> {decision.Refusal} {decision.Reply} {decision.DrainOrder} [{string.Join(", ", decision.Events ?? [])}]");
        if (tail.Count > Remembered)
        {
            tail.Dequeue();
        }
    }

    private void Show(GroupCommand? command, Decision decision)
    {
        var after = Snapshot.Of(Driver.State);
        var step = new Step(command, before, decision, after, Now);
        before = after;
        guarantee.Observe(step, this);
    }

    /// <summary>From at once to later than allowed, by the term so that it is the same in every replay.</summary>
    private TimeSpan DrainTime(DrainOrder order) => (order.Deadline - Now.Monotonic) * ((order.Term % 4) * 0.4);

    private void Run(TimeSpan duration)
    {
        var end = Now.Monotonic + duration;
        while (true)
        {
            acknowledgements.Sort((x, y) => x.Time.CompareTo(y.Time));
            var next = adapters.Where(a => a.IsRegistered).MinBy(a => a.NextBeat);
            var acknowledgement = acknowledgements.Count > 0 ? acknowledgements[0].Time : TimeSpan.MaxValue;
            if (acknowledgement <= end && (next is null || acknowledgement <= next.NextBeat))
            {
                var (time, adapter, term) = acknowledgements[0];
                acknowledgements.RemoveAt(0);
                Driver.AdvanceTo(time);
                if (!adapter.IsMuted)
                {
                    Driver.Decide(new AcknowledgeAssignment(Now, adapter.Id, term, Now.Utc));
                }
            }
            else if (next is not null && next.NextBeat <= end)
            {
                Driver.AdvanceTo(next.NextBeat);
                next.NextBeat += next.Stream is null ? Timeout / 2 : Timeout / 3;
                if (!next.IsMuted)
                {
                    Beat(next);
                }
            }
            else
            {
                Driver.AdvanceTo(end);
                return;
            }
        }
    }

    private void Beat(Adapter adapter)
    {
        if (adapter.PrefersStream && adapter.Stream is null)
        {
            OpenStream(adapter, adapter.LastKnownTerm);
        }

        for (var i = 0; i <= MostConfirmations; i++)
        {
            if (Post(adapter, adapter.Stream is not null) is not { Role: Role.PendingPrimary } || adapter.Stream is not null)
            {
                return;
            }
        }
    }

    private RoleReply? Post(Adapter adapter, bool onStream)
    {
        if (adapter.Role == Role.Primary)
        {
            adapter.LastDataProcessedTime = Now.Utc + adapter.ClockAhead;
        }

        var command = new PostHeartbeat(Now, adapter.Id, adapter.Score, adapter.LastDataProcessedTime, null, onStream);
        var decision = Driver.Decide(command);
        if (decision.Refusal is { Kind: RefusalKind.SessionNotFound or RefusalKind.GroupNotFound })
        {
            Create(Timeout);
            Register(adapter);
        }

        Learn(adapter, decision.Reply);
        return decision.Reply;
    }

    private static void Learn(Adapter adapter, RoleReply? reply)
    {
        if (reply is { } known)
        {
            adapter.Role = known.Role;
            adapter.LastKnownTerm = known.Term;
        }
    }

    private void OpenStream(Adapter adapter, long? term)
    {
        (adapter.FormerStream, adapter.Stream) = (adapter.Stream ?? adapter.FormerStream, ++lastStream);
        var decision = Driver.Decide(new StreamHello(Now, adapter.Id, lastStream, term, adapter.StepDown, SourceTimestamps: adapter.StepDown));
        Learn(adapter, decision.Reply);
    }

    private void Create(TimeSpan timeout) =>
        Driver.Change(new CreateGroup(new RequestedGroup("g", null, null, timeout, null), timeout));

    private void Register(Adapter adapter)
    {
        var plan = Driver.Change(new RegisterSession(adapter.Id, null, null));
        if (plan.Refusal is null && plan.Events.Count == 0)
        {
            Driver.Decide(new RegisterAgain(Now, adapter.Id));
        }

        if (!adapter.IsRegistered)
        {
            adapter.IsRegistered = true;
            adapter.NextBeat = Now.Monotonic;
        }
    }
}
