using ClientFailover.Service.Liveness;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Liveness;

public sealed class WatchdogIntervalTests
{
    [TestCase("30000000", null)]
    [TestCase("30000000", "")]
    [TestCase("30000000", "42")]
    public void Read_MeantForThisProcess_IsThatInterval(string microseconds, string? addressee)
    {
        var interval = WatchdogInterval.Read(microseconds, addressee, 42)!;

        Assert.That(interval.Value, Is.EqualTo(TimeSpan.FromSeconds(30)));
        Assert.That(interval.Between, Is.EqualTo(TimeSpan.FromSeconds(10)));
    }

    [TestCase(null, null)]
    [TestCase("", "42")]
    [TestCase("0", "42")]
    [TestCase("-1", "42")]
    [TestCase("often", "42")]
    [TestCase("30000000", "43", Description = "Inherited from a parent that is watched.")]
    [TestCase("30000000", "me")]
    public void Read_NothingForThisProcess_IsNone(string? microseconds, string? addressee) =>
        Assert.That(WatchdogInterval.Read(microseconds, addressee, 42), Is.Null);

    [Test]
    public void Read_ForEver_IsADay() =>
        Assert.That(WatchdogInterval.Read($"{long.MaxValue}", null, 42)!.Value, Is.EqualTo(TimeSpan.FromDays(1)));
}
