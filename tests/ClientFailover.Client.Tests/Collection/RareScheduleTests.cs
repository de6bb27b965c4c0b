using ClientFailover.Client.Tests.Collection.Simulation;
using NUnit.Framework;

namespace ClientFailover.Client.Tests.Collection;

/// <summary>Schedules of two hot adapters that random ones hit once in a thousand, each with what it needs.</summary>
public sealed class RareScheduleTests
{
    private static readonly TestCaseData[] Schedules =
    [
        new TestCaseData(new Schedule(844932, 3, false, 0, false,
        [
            new Step(Fault.Stop, false, 0.40385215239154293, 0, 57), new Step(Fault.OrderOther, true, 0.6666666666666666, 0, 53),
            new Step(Fault.CutDestination, false, 0.27956989247311825, 0, 5), new Step(Fault.Kill, true, 0.1266640236086398, 6.85E-07, 26),
        ])).SetArgDisplayNames("a Primary that is killed is back before it is missed"),
        new TestCaseData(new Schedule(609147, 15, false, 0, false,
        [
            new Step(Fault.Kill, true, 0.2253946939333728, 1, 15), new Step(Fault.Stop, false, 0.03389830508474576, 1, 7),
            new Step(Fault.CutService, false, 1, 0.22, 42), new Step(Fault.OrderOther, false, 0.3076923076923077, 0, 29),
        ])).SetArgDisplayNames("the same, with a long timeout"),
        new TestCaseData(new Schedule(749142, 15, false, 1, false,
        [
            new Step(Fault.CutService, true, 0.9572937803213822, 0, 56), new Step(Fault.Freeze, false, 0.6373626373626373, 0, 23),
            new Step(Fault.Stop, true, 0.803921568627451, 0, 14),
        ])).SetArgDisplayNames("a Primary with a gap, and another that has just started"),
        new TestCaseData(new Schedule(327030, 3, false, 0, false,
        [
            new Step(Fault.LoseSource, true, 0.5818181818181818, 0.04040404040404041, 20), new Step(Fault.LoseSource, false, 0.03333333333333333, 0, 54),
            new Step(Fault.LoseSource, true, 1, 0, 10),
        ])).SetArgDisplayNames("a Primary that collects nothing, and another with a gap that only the Primary could close"),
    ];

    [TestCaseSource(nameof(Schedules))]
    public void HotPair_RareSchedule_LosesNothing(object schedule)
    {
        var run = new ContinuityRun((Schedule)schedule);

        run.Run(oneAtATime: true);

        Assert.That(run.Lost, Is.Empty, () => string.Join('\n', run.Story));
        Assert.That(run.IsWhole, Is.True);
    }
}
