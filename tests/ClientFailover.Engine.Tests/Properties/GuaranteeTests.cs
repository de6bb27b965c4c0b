using System.Collections.Concurrent;
using System.Globalization;
using CsCheck;
using NUnit.Framework;

namespace ClientFailover.Engine.Tests.Properties;

/// <summary>
/// One property test for each guarantee of the role engine. A failure prints the seed and the smallest schedule found;
/// CsCheck_Seed replays it, and CLIENTFAILOVER_PROPERTY_COMMANDS makes a longer run.
/// </summary>
public sealed class GuaranteeTests
{
    private const long DefaultCommands = 120_000;
    private const long SchedulesAtATime = 500;

    private static readonly string[] Situations =
    [
        "Secondary -> Primary: OnlyClientInGroup",
        "Secondary -> Primary: PrimaryTimedOut",
        "Secondary -> Primary: PrimaryConnectionLost",
        "Secondary -> Primary: PrimaryUnregistered",
        "Secondary -> Primary: PrimaryRestarted",
        "Secondary -> PendingPrimary: PrimaryTimedOut",
        "Secondary -> PendingPrimary: PrimaryConnectionLost",
        "Secondary -> PendingPrimary: PrimaryUnregistered",
        "Secondary -> PendingPrimary: PrimaryRestarted",
        "Secondary -> PendingPrimary: HigherFailoverScore",
        "Secondary -> PendingPrimary: RoleOverride",
        "Secondary -> PendingPrimary: RoleOverrideEnded",
        "PendingPrimary -> Primary: HigherFailoverScore",
        "PendingPrimary -> Primary: PrimaryTimedOut",
        "PendingPrimary -> Secondary: HandoverCancelled",
        "Primary -> Primary: HandoverCancelled",
        "Primary -> Secondary: RoleOverride",
        "lost: SessionTimedOut",
        "lost: SessionConnectionLost",
        "SessionReturned",
        "GroupDeleted",
        "drain ordered",
        "handover from REST to REST by PostHeartbeat",
        "handover from stream to REST by PostHeartbeat",
        "handover from stream to stream by AcknowledgeAssignment",
        "handover from stream to stream by Tick",
        "handover from REST to stream by AcknowledgeAssignment",
        "handover from REST to stream by PostHeartbeat",
        "absence during a handover: restart",
        "absence during a handover: ServiceWasAbsent",
        "refused: HeartbeatTooSoon",
        "refused: SessionNotFound",
    ];

    /// <summary>Everybody beats with the same score; then the service is absent in some way, and everybody beats on.</summary>
    private static readonly Gen<Schedule> StableGroup =
        from schedule in Schedules.All
        from absence in Gen.OneOf(OperationKind.RestartService, OperationKind.PauseService, OperationKind.JumpUtc)
        from amount in Gen.Int[0, 3000]
        from choice in Gen.Int[0, 59]
        select schedule with
        {
            Operations =
            [
                new Operation(OperationKind.Run, 0, 2500, 0, 0),
                new Operation(absence, 0, amount, choice, 0),
                new Operation(OperationKind.Run, 0, 2500, 0, 0),
                new Operation(OperationKind.Run, 0, 2500, 0, 0),
            ],
        };

    private static long Commands =>
        long.TryParse(Environment.GetEnvironmentVariable("CLIENTFAILOVER_PROPERTY_COMMANDS"), CultureInfo.InvariantCulture, out var commands)
            ? commands
            : DefaultCommands;

    [Test]
    public void Group_AnyCommands_HasAtMostOnePrimary() => Check(_ => new OnePrimary());

    [Test]
    public void Terms_AnyCommands_OnlyGrowAndBelongToOneSession() => Check(_ => new TermsGrow());

    [Test]
    public void Promotion_AnyCommands_IsOfALiveSession() => Check(_ => new OnlyLiveSessionsPromoted());

    [Test]
    public void LossOfPrimary_AnyCommands_IsDecidedInTime() => Check(_ => new DecidedInTime());

    [Test]
    public void AbsenceOfService_AnyCommands_ChangesNoRole() => Check(_ => new AbsenceChangesNoRole());

    [Test]
    public void AbsenceOfService_WhileEverybodyBeats_ChangesNoRoleAfterwards() => Check(StableGroup, _ => new NoRoleChanges());

    [Test]
    public void LastDataProcessedTime_AnyCommands_IsMonotonicAndReportedByAPrimary() => Check(_ => new LastDataProcessedTimeIsMonotonic());

    [Test]
    public void HandoverByScore_AnyCommands_NeedsAStrictlyGreaterScore() => Check(_ => new ScoreHandoverIsStrict());

    [Test]
    public void Events_SameCommands_AreTheSame() => Check(schedule => new SameCommandsSameEvents(schedule));

    [Test]
    public void Replay_RecordedEvents_RebuildsDurableState() => Check(_ => new ReplayRebuildsState());

    [Test]
    public void Schedules_OfOneRun_ReachEverySituation()
    {
        var counts = new ConcurrentDictionary<string, int>();

        Check(_ => new Coverage(counts));

        foreach (var (situation, count) in counts.OrderBy(c => c.Key, StringComparer.Ordinal))
        {
            TestContext.Out.WriteLine($"{count,8} {situation}");
        }

        Assert.That(Situations.Where(s => !counts.ContainsKey(s)), Is.Empty);
    }

    private static void Check(Func<Schedule, Guarantee> guarantee) => Check(Schedules.All, guarantee);

    private static void Check(Gen<Schedule> schedules, Func<Schedule, Guarantee> guarantee)
    {
        var commands = 0L;
        while (Interlocked.Read(ref commands) < Commands)
        {
            schedules.Sample(
                schedule =>
                {
                    var run = new ScheduleRun(schedule, guarantee(schedule));
                    run.Play();
                    Interlocked.Add(ref commands, run.Commands);
                },
                iter: SchedulesAtATime);
        }
    }
}
