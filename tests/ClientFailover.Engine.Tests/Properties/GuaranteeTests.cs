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
    ];

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

    private static void Check(Func<Schedule, Guarantee> guarantee)
    {
        var commands = 0L;
        while (Interlocked.Read(ref commands) < Commands)
        {
            Schedules.All.Sample(
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
