using ClientFailover.Client.Tests.Collection.Simulation;
using CsCheck;
using NUnit.Framework;

namespace ClientFailover.Client.Tests.Collection;

/// <summary>
/// Two real adapters in hot mode, the real role engine, and everything between them simulated: clocks apart by up to an eighth of
/// the failover timeout, sources with latency, faults. A failure prints the schedule; CsCheck_Seed replays it, and
/// CLIENTFAILOVER_CONTINUITY_RUNS makes a longer run, of other schedules.
/// </summary>
public sealed class ContinuityTests
{
    /// <summary>Of a run: there are 97 in each failover timeout, and no run has fewer than ten of these.</summary>
    private const int LeastValues = 970;

    private static readonly Fault[] All = [.. Enum.GetValues<Fault>().Except([Fault.OrderStarter])];

    [Test]
    public void HotPair_OneFaultAtATime_LosesNothing() => Check(Schedules(All, 1, 4), run =>
    {
        run.Run(oneAtATime: true);
        return run.Lost;
    });

    [Test]
    public void HotPair_AnyFaultsAtOnce_LosesNothingThatBothCollected() =>
        Check(Schedules([.. All.Except([Fault.Kill, Fault.Stop])], 2, 6), run =>
        {
            run.Run(oneAtATime: false);
            return run.LostOfAll;
        });

    [Test]
    public void HotPair_OrderForOneThatHasJustStarted_LosesNothing() => Check(Schedules([Fault.OrderStarter], 1, 3), run =>
    {
        run.Run(oneAtATime: true);
        return run.Lost;
    });

    [Test]
    public void HotPair_PlannedHandoversWithSourceTimestamps_SendNothingTwice()
    {
        var schedules = Schedules([Fault.OrderOther], 1, 4).Select(s => s with { SourceTimestamps = true, Streams = 3 });
        Check(schedules, run =>
        {
            run.Run(oneAtATime: true);
            return run.Duplicated.Concat(run.Lost);
        });
    }

    private static Gen<Schedule> Schedules(Fault[] faults, int least, int most) =>
        from seed in Gen.Int[0, 1_000_000]
        from timeout in Gen.OneOf(3, 15)
        from sourceTimestamps in Gen.Bool
        from streams in Gen.Int[0, 3]
        from holdsTime in Gen.Bool
        from steps in Step(faults).Array[least, most]
        select new Schedule(seed, timeout, sourceTimestamps, streams, holdsTime, steps);

    private static Gen<Step> Step(Fault[] faults) =>
        from fault in Gen.OneOf(faults)
        from onPrimary in Gen.Bool
        from length in Gen.Double[0.02, 1]
        from wait in Gen.Double[0, 1]
        from choice in Gen.Int[0, 59]
        select new Step(fault, onPrimary, length, wait, choice);

    private static void Check(Gen<Schedule> schedules, Func<ContinuityRun, IEnumerable<Value>> run)
    {
        var (values, duplicated, promotions) = (0, 0, 0);
        Sampling.Sample(
            schedules,
            schedule =>
            {
                var it = new ContinuityRun(schedule);
                var wrong = run(it).ToList();
                Interlocked.Add(ref values, it.Values.Count);
                Interlocked.Add(ref duplicated, it.Duplicated.Count());
                Interlocked.Add(ref promotions, it.Promotions.Count);
                Assert.That(it.IsWhole, Is.True, () => $"Not whole at the end; {schedule}\n{string.Join('\n', it.Story)}");
                Assert.That(wrong, Is.Empty, () => $"{wrong.Count} values, {wrong[0]} to {wrong[^1]}; {schedule}\n{string.Join('\n', it.Story)}\n"
                    + string.Join('\n', it.Promotions.Select(p => $"{p.Time - NodeClock.Origin.UtcDateTime} {p.SessionId} term {p.Term} {p.Reason} {p.LastDataProcessedTime - NodeClock.Origin.UtcDateTime} exact {p.IsExact}")));
            },
            threads: 2);
        Assert.That(promotions, Is.GreaterThanOrEqualTo(Sampling.Runs));
        Assert.That(values, Is.GreaterThanOrEqualTo(Sampling.Runs * LeastValues));
        TestContext.Out.WriteLine($"{values} values, {duplicated} of them more than once, {promotions} promotions");
    }
}
