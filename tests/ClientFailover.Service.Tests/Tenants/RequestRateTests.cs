using ClientFailover.Service.Tenants;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Tenants;

public sealed class RequestRateTests
{
    [Test]
    public void TryTake_ASecondsWorthAtOnce_IsTakenAndThenOneEachStep()
    {
        var time = new FakeTimeProvider();
        var rate = new RequestRate(time, 10);

        Assert.That(Enumerable.Range(0, 11).Select(i => rate.TryTake(out _)), Is.EqualTo(Enumerable.Repeat(true, 10).Append(false)));
        Assert.That((rate.TryTake(out var wait), wait), Is.EqualTo((false, TimeSpan.FromMilliseconds(100))));
        time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.That(rate.TryTake(out _), Is.False);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That((rate.TryTake(out _), rate.TryTake(out _)), Is.EqualTo((true, false)));
    }

    [Test]
    public void TryTake_AfterALongRest_IsNoMoreThanASecondsWorth()
    {
        var time = new FakeTimeProvider();
        var rate = new RequestRate(time, 3);
        time.Advance(TimeSpan.FromDays(365));

        Assert.That(Enumerable.Range(0, 5).Count(i => rate.TryTake(out _)), Is.EqualTo(3));
    }

    [Test]
    public async Task TryTake_ManyThreads_TakeExactlyWhatThereIs()
    {
        var rate = new RequestRate(new FakeTimeProvider(), 1000);

        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => Task.Run(() => Enumerable.Range(0, 500).Count(i => rate.TryTake(out var wait)))));

        Assert.That(taken.Sum(), Is.EqualTo(1000));
    }
}
