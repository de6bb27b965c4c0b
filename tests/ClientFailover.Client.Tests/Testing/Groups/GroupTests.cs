using CsCheck;
using NUnit.Framework;

namespace ClientFailover.Client.Tests.Testing.Groups;

/// <summary>
/// Whole adapters against the fake, in every mode: at most one believes to be Primary beyond the documented overlap, and what was
/// collected arrives. A failure prints the schedule; CsCheck_Seed replays it, and CLIENTFAILOVER_CONTINUITY_RUNS makes a longer run.
/// </summary>
public sealed class GroupTests
{
    [TestCase(FailoverMode.Hot)]
    [TestCase(FailoverMode.Warm)]
    [TestCase(FailoverMode.Cold)]
    public void KeepRole_AnyFaults_OnlyWhoIsCutOffStaysPrimaryAndNothingIsLost(FailoverMode mode) =>
        Check(Schedules(mode, OnServiceLost.KeepRole), run => run.Lost.Select(v => $"value {v}"));

    [Test]
    public void StepDown_HotWithAnyFaults_NeverTwoPrimariesAndNothingIsLost() =>
        Check(Schedules(FailoverMode.Hot, OnServiceLost.StepDown), run => run.Overlaps.Concat(run.Lost.Select(v => $"value {v}")));

    [TestCase(FailoverMode.Warm)]
    [TestCase(FailoverMode.Cold)]
    public void StepDown_AnyFaults_NeverTwoPrimaries(FailoverMode mode) =>
        Check(Schedules(mode, OnServiceLost.StepDown), run => run.Overlaps);

    private static Gen<GroupSchedule> Schedules(FailoverMode mode, OnServiceLost onServiceLost) =>
        from nodes in Gen.Int[2, 3]
        from sourceTimestamps in Gen.Bool
        from steps in Step.Array[2, 6]
        select new GroupSchedule(mode, onServiceLost, nodes, sourceTimestamps, steps);

    private static Gen<GroupStep> Step =>
        from fault in Gen.OneOf(Enum.GetValues<GroupFault>())
        from node in Gen.Int[0, 5]
        from length in Gen.Int[1, 30]
        from wait in Gen.Int[0, 20]
        select new GroupStep(fault, node, length, wait);

    private static void Check(Gen<GroupSchedule> schedules, Func<GroupRun, IEnumerable<string>> mistakes)
    {
        var (values, promotions) = (0, 0);
        Sampling.Sample(
            schedules,
            schedule =>
            {
                var run = new GroupRun(schedule);
                try
                {
                    run.RunAsync().GetAwaiter().GetResult();
                    var wrong = mistakes(run).ToList();
                    (values, promotions) = (values + run.Collected, promotions + run.Promotions);
                    Assert.That(wrong, Is.Empty, () => $"{schedule}\n{string.Join('\n', run.Story)}");
                }
                finally
                {
                    run.DisposeAsync().AsTask().GetAwaiter().GetResult();
                }
            },
            threads: 1);
        Assert.That(promotions, Is.GreaterThanOrEqualTo(Sampling.Runs));
        TestContext.Out.WriteLine($"{values} values, {promotions} promotions");
    }
}
