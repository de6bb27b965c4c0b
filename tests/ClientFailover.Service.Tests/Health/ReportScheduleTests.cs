using ClientFailover.Service.Health;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Health;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ReportScheduleTests
{
    private readonly ReportSchedule _schedule = new();

    [Test]
    public void IsDue_LookedAtEachSecondWithSomeLateness_IsEachMinuteAndDoesNotDrift()
    {
        var due = Enumerable.Range(0, 3601).Select(s => s + (0.4 * Math.Sin(s))).Where(s => _schedule.IsDue(TimeSpan.FromSeconds(Math.Max(0, s)))).ToList();

        Assert.That(due, Has.Count.EqualTo(61));
        Assert.That(due.Select((s, minute) => Math.Abs(s - (60 * minute))), Is.All.LessThan(1));
    }

    [Test]
    public void IsDue_AfterASleepOfTheMachine_IsOnceAndThenEachMinute()
    {
        Assert.That(_schedule.IsDue(TimeSpan.Zero), Is.True);

        var due = Enumerable.Range(0, 180).Where(s => _schedule.IsDue(TimeSpan.FromHours(3) + TimeSpan.FromSeconds(s)));

        Assert.That(due, Is.EqualTo(new[] { 0, 60, 120 }));
    }
}
