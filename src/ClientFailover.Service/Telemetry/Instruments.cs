namespace ClientFailover.Service.Telemetry;

/// <summary>
/// The metrics of the service: the one place that names them and says what they mean. <c>samples/monitoring/README.md</c> has
/// the same as a table, and a test that both agree.
/// </summary>
internal static class Instruments
{
    /// <summary>Groups by what they are in.</summary>
    public static readonly InstrumentInfo Groups = new(
        "clientfailover.groups", InstrumentKind.Gauge, "{group}", "Failover groups, by how they are.", "state");

    /// <summary>Sessions by whether they are heard from, and role.</summary>
    public static readonly InstrumentInfo Sessions = new(
        "clientfailover.sessions", InstrumentKind.Gauge, "{session}", "Client sessions, by whether they are heard from, and by role.", "state", "role");

    /// <summary>Orders in force.</summary>
    public static readonly InstrumentInfo Overrides = new(
        "clientfailover.role_overrides", InstrumentKind.Gauge, "{override}", "Role overrides in force, by the role that was ordered.", "role");

    /// <summary>Heartbeats.</summary>
    public static readonly InstrumentInfo Heartbeats = new(
        "clientfailover.heartbeats", InstrumentKind.Counter, "{heartbeat}", "Heartbeats, by the way they came and what became of them.", "transport", "outcome");

    /// <summary>Role changes.</summary>
    public static readonly InstrumentInfo RoleChanges = new(
        "clientfailover.role_changes", InstrumentKind.Counter, "{change}", "Changes of a session's role, by the new role and the reason.", "role", "reason");

    /// <summary>Silence of a lost Primary.</summary>
    public static readonly InstrumentInfo Detection = new(
        "clientfailover.detection.duration", InstrumentKind.Histogram, "s", "Silence of a lost Primary until its loss was decided, by the reason of the promotion.", "reason");

    /// <summary>From the decision to the assignment.</summary>
    public static readonly InstrumentInfo Takeover = new(
        "clientfailover.takeover.duration", InstrumentKind.Histogram, "s", "From the decision to the assignment of a new Primary, by the reason of the promotion.", "reason");

    /// <summary>From the decision to the stream.</summary>
    public static readonly InstrumentInfo Push = new(
        "clientfailover.push.duration", InstrumentKind.Histogram, "s", "From a role's decision until it was written to its adapter's stream, the commit included.");

    /// <summary>Streams that are open.</summary>
    public static readonly InstrumentInfo Streams = new(
        "clientfailover.streams", InstrumentKind.Gauge, "{stream}", "Adapter streams that are open.");

    /// <summary>Streams that ended.</summary>
    public static readonly InstrumentInfo StreamsEnded = new(
        "clientfailover.streams.ended", InstrumentKind.Counter, "{stream}", "Adapter streams that ended, by why.", "reason");

    /// <summary>Commits.</summary>
    public static readonly InstrumentInfo Commit = new(
        "clientfailover.store.commit.duration", InstrumentKind.Histogram, "s", "How long a commit to the database took; one takes the writes of many groups.");

    /// <summary>Commits that failed.</summary>
    public static readonly InstrumentInfo StoreFailures = new(
        "clientfailover.store.failures", InstrumentKind.Counter, "{failure}", "Commits to the database that failed, and attempts to write to it again.");

    /// <summary>Writes.</summary>
    public static readonly InstrumentInfo StoreWrites = new(
        "clientfailover.store.writes", InstrumentKind.Counter, "{write}", "Writes to the database, by what became of them.", "outcome");

    /// <summary>Whether the database can be written.</summary>
    public static readonly InstrumentInfo StoreWritable = new(
        "clientfailover.store.writable", InstrumentKind.Gauge, "1", "1: the database can be written; 0: it cannot, or has not answered for ten seconds.");

    /// <summary>What limits refused; made by the limits.</summary>
    public static readonly InstrumentInfo LimitsRefused = new(
        "clientfailover.limits.refused", InstrumentKind.Counter, "{refusal}", "What a limit refused or slowed down.", "limit");

    /// <summary>Requests to health endpoints; made by the health sender.</summary>
    public static readonly InstrumentInfo OmfSends = new(
        "clientfailover.omf.sends", InstrumentKind.Counter, "{request}", "Requests to health endpoints, by what they told and what became of them.", "message", "result");

    /// <summary>Health messages that were dropped; made by the health sender.</summary>
    public static readonly InstrumentInfo OmfDropped = new(
        "clientfailover.omf.dropped", InstrumentKind.Counter, "{message}", "Health messages that an endpoint never got, by why.", "reason");

    /// <summary>Health endpoints; made by the health sender.</summary>
    public static readonly InstrumentInfo OmfEndpoints = new(
        "clientfailover.omf.endpoints", InstrumentKind.Gauge, "{endpoint}", "Health endpoints, by whether the last request was answered.", "state");

    /// <summary>Logons that failed.</summary>
    public static readonly InstrumentInfo LogonsFailed = new(
        "clientfailover.logons.failed", InstrumentKind.Counter, "{logon}", "Requests that were refused for who sent them, by scheme and why.", "scheme", "outcome");

    /// <summary>The certificate's end.</summary>
    public static readonly InstrumentInfo CertificateTimeLeft = new(
        "clientfailover.certificate.time_left", InstrumentKind.Gauge, "s", "Until the TLS certificate expires; below zero: it has.");

    /// <summary>Which build runs.</summary>
    public static readonly InstrumentInfo Build = new(
        "clientfailover.build.info", InstrumentKind.Gauge, "1", "Always 1; its labels tell what runs.", "version", "runtime");

    /// <summary>Sessions of one group.</summary>
    public static readonly InstrumentInfo GroupSessions = new(
        "clientfailover.group.sessions", InstrumentKind.Gauge, "{session}", "Of one group: sessions that are heard from. Only with `MetricsGroups`.", "tenant", "namespace", "group");

    /// <summary>Whether one group has a Primary.</summary>
    public static readonly InstrumentInfo GroupPrimary = new(
        "clientfailover.group.primary", InstrumentKind.Gauge, "1", "Of one group: 1 if it has a Primary that is heard from, else 0. Only with `MetricsGroups`.", "tenant", "namespace", "group");

    /// <summary>The term of one group.</summary>
    public static readonly InstrumentInfo GroupTerm = new(
        "clientfailover.group.term", InstrumentKind.Gauge, "1", "Of one group: the term of its Primary, which grows with each new one. Only with `MetricsGroups`.", "tenant", "namespace", "group");

    /// <summary>New Primaries of one group.</summary>
    public static readonly InstrumentInfo GroupPromotions = new(
        "clientfailover.group.promotions", InstrumentKind.Counter, "{promotion}", "Of one group: how often another Primary followed an earlier one. Only with `MetricsGroups`.", "tenant", "namespace", "group");

    /// <summary>Those that have a series for each group with a name.</summary>
    public static IReadOnlyList<InstrumentInfo> OfOneGroup { get; } = [GroupSessions, GroupPrimary, GroupTerm, GroupPromotions];

    /// <summary>All of them, in the order of the table.</summary>
    public static IReadOnlyList<InstrumentInfo> All { get; } =
    [
        Groups, Sessions, Overrides, Heartbeats, RoleChanges, Detection, Takeover, Push, Streams, StreamsEnded, Commit, StoreFailures, StoreWrites,
        StoreWritable, LimitsRefused, LogonsFailed, OmfSends, OmfDropped, OmfEndpoints, CertificateTimeLeft, Build, .. OfOneGroup,
    ];
}
