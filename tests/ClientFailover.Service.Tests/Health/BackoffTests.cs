using ClientFailover.Service.Health.Sending;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Health;

public sealed class BackoffTests
{
    [Test]
    public void Next_AgainAndAgain_DoublesFromASecondToFiveMinutes()
    {
        var shortest = new Backoff(() => 0);
        var longest = new Backoff(() => 0.999999);

        var (low, high) = (Pauses(shortest), Pauses(longest));

        Assert.That(low, Is.EqualTo(new[] { 1.0, 2, 4, 8, 16, 32, 64, 128, 150, 150, 150, 150 }));
        Assert.That(high, Is.EqualTo(new[] { 2.0, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300, 300 }).Within(0.001));
        Assert.That(high, Is.All.LessThanOrEqualTo(300));
    }

    [Test]
    public void Reset_AfterPauses_BeginsAnew()
    {
        var backoff = new Backoff(() => 0);
        Pauses(backoff);

        backoff.Reset();

        Assert.That(backoff.Next(null), Is.EqualTo(Backoff.Shortest));
    }

    [TestCase(7, 7)]
    [TestCase(1, 1)]
    [TestCase(-5, 1, Description = "A time that has passed.")]
    [TestCase(86_400_000, 3600, Description = "Nobody is left alone for good.")]
    public void Next_Wish_IsKeptTo(long seconds, long pause) =>
        Assert.That(new Backoff(() => 0).Next(TimeSpan.FromSeconds(seconds)), Is.EqualTo(TimeSpan.FromSeconds(pause)));

    private static double[] Pauses(Backoff backoff) => [.. Enumerable.Range(0, 12).Select(_ => backoff.Next(null).TotalSeconds)];
}
