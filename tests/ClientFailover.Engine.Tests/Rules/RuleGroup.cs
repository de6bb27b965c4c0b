using ClientFailover.Engine.Tests.Driving;

namespace ClientFailover.Engine.Tests.Rules;

/// <summary>Responsible for letting a rule's test read like the rule: a group with a timeout of 60 s and short names.</summary>
internal sealed class RuleGroup
{
    internal static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    /// <summary>The default tolerance for a timeout of 60 s.</summary>
    internal static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, long> streams = [];
    private readonly HashSet<string> beating = [];
    private long lastStream;

    internal RuleGroup(EngineSettings? settings = null)
    {
        Driver = new GroupDriver(settings) { Decided = (_, decision) => Order = decision.DrainOrder ?? Order };
        Driver.Change(new CreateGroup(new RequestedGroup("g", null, null, Timeout, null), Timeout));
    }

    internal GroupDriver Driver { get; }

    internal string? Primary => Driver.State.Primary?.Id;

    internal string? Pending => Driver.State.PendingPrimary?.Id;

    internal long Term => Driver.State.Term;

    internal DateTime? LastDataProcessedTime => Driver.State.LastDataProcessedTime;

    internal DateTime Utc => Driver.Now.Utc;

    internal RoleChanged LastRoleChange => Driver.Events.OfType<RoleChanged>().Last(e => e.NewRole != Role.Secondary);

    /// <summary>The last order to drain.</summary>
    internal DrainOrder? Order { get; private set; }

    internal void Register(params string[] ids)
    {
        foreach (var id in ids)
        {
            Driver.Change(new RegisterSession(id, null, null));
        }
    }

    /// <summary>Registers sessions and lets them beat over REST, the first one first.</summary>
    internal RuleGroup WithRest(params string[] ids)
    {
        Register(ids);
        foreach (var id in ids)
        {
            beating.Add(id);
            Beat(id, 100);
        }

        return this;
    }

    /// <summary>Registers sessions that open a stream and beat on it, the first one first.</summary>
    internal RuleGroup WithStream(params string[] ids)
    {
        Register(ids);
        foreach (var id in ids)
        {
            beating.Add(id);
            Hello(id, term: 0);
            Beat(id, 100);
        }

        return this;
    }

    internal Decision Beat(string id, float score, DateTime? lastDataProcessedTime = null) =>
        Decide(new PostHeartbeat(Driver.Now, id, score, lastDataProcessedTime, null, streams.ContainsKey(id)));

    internal Decision Hello(string id, long? term, bool stepDown = false, bool sourceTimestamps = false)
    {
        streams[id] = ++lastStream;
        return Decide(new StreamHello(Driver.Now, id, lastStream, term, stepDown, sourceTimestamps));
    }

    internal Decision EndStream(string id, bool broken)
    {
        streams.Remove(id, out var stream);
        return Decide(new StreamEnded(Driver.Now, id, stream, broken));
    }

    internal Decision RegisterAgain(string id) => Decide(new RegisterAgain(Driver.Now, id));

    internal Decision Acknowledge(string id, long term, DateTime? time = null) => Decide(new AcknowledgeAssignment(Driver.Now, id, term, time));

    /// <summary>A candidate on a stream says that it is there.</summary>
    internal Decision AcknowledgePending(string id) => Acknowledge(id, Driver.State.PrimaryTerm);

    internal void Unregister(string id)
    {
        beating.Remove(id);
        Driver.Change(new UnregisterSession(id));
    }

    internal void Override(string id, RoleOverride value, TimeSpan? period = null) => Driver.Change(new SetRoleOverride(id, value, period));

    /// <summary>Nobody is heard for a while.</summary>
    internal void Silence(double seconds) => Driver.Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>Time passes, and everybody but <paramref name="mute"/> beats every 20 s with its last score.</summary>
    internal void Pass(double seconds, params string[] mute)
    {
        for (var left = seconds; left > 0; left -= 20)
        {
            Silence(Math.Min(20, left));
            foreach (var id in beating.Except(mute).Order(StringComparer.Ordinal))
            {
                Beat(id, Driver.State.Find(id)!.FailoverScore);
            }
        }
    }

    private Decision Decide(GroupCommand command) => Driver.Decide(command);
}
