using ClientFailover.Service.Limits;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Limits;

public sealed class RateTests
{
    private readonly FakeTimeProvider _time = new();

    [Test]
    public void TryTake_BeyondTheBurst_TellsWhenTheNextIsThere()
    {
        var rate = new Rate(_time, perSecond: 2, burst: 3);

        Assert.That(Enumerable.Range(0, 3).All(i => rate.TryTake(out _)), Is.True);
        Assert.That(rate.TryTake(out var wait), Is.False);
        Assert.That(wait, Is.EqualTo(TimeSpan.FromSeconds(0.5)));
        _time.Advance(wait);
        Assert.That(rate.TryTake(out _), Is.True);
        Assert.That(rate.TryTake(out _), Is.False, "What was refused took nothing, what was waited for is one.");
    }

    [Test]
    public void TryTake_AfterALongRest_GivesNoMoreThanTheBurst()
    {
        var rate = new Rate(_time, perSecond: 3, burst: 3);
        _time.Advance(TimeSpan.FromDays(365));

        Assert.That(Enumerable.Range(0, 5).Count(i => rate.TryTake(out _)), Is.EqualTo(3));
    }

    [Test]
    public void Return_MoreThanWasTaken_FillsNoMoreThanTheBurst()
    {
        var rate = new Rate(_time, perSecond: 1, burst: 3);
        rate.TryTake(out _);
        rate.Return();
        rate.Return();

        Assert.That(Enumerable.Range(0, 5).Count(i => rate.TryTake(out _)), Is.EqualTo(3));
        rate.Return();
        Assert.That((rate.TryTake(out _), rate.TryTake(out _)), Is.EqualTo((true, false)));
    }

    [Test]
    public void Charge_BeyondTheBurst_IsOverdrawnUntilItHasRefilled()
    {
        var rate = new Rate(_time, perSecond: 100, burst: 200);

        rate.Charge(200);
        Assert.That(rate.Overdrawn, Is.EqualTo(TimeSpan.Zero));
        rate.Charge(50);
        Assert.That(rate.Overdrawn, Is.EqualTo(TimeSpan.FromSeconds(0.5)));
        _time.Advance(TimeSpan.FromSeconds(0.5));

        Assert.That(rate.Overdrawn, Is.EqualTo(TimeSpan.Zero));
        Assert.That(rate.IsFull, Is.False);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.That(rate.IsFull, Is.True);
    }

    /// <summary>However the takers come: never more than the burst and what has been refilled, and all of that for who asks often enough.</summary>
    [Test]
    public void TryTake_AtAnyTimes_GivesNeverMoreThanTheRate() =>
        Gen.Select(Gen.Int[1, 50], Gen.Int[1, 20], Gen.Int[0, 200].Array[1, 300]).Sample((perSecond, burst, pauses) =>
        {
            var time = new FakeTimeProvider();
            var rate = new Rate(time, perSecond, burst);
            var (taken, start) = (0, time.GetTimestamp());
            foreach (var pause in pauses)
            {
                time.Advance(TimeSpan.FromMilliseconds(pause));
                taken += rate.TryTake(out _) ? 1 : 0;
                if (taken > burst + (perSecond * time.GetElapsedTime(start).TotalSeconds) + 0.001)
                {
                    return false;
                }
            }

            return taken >= Math.Min(burst, pauses.Length);
        });

    [Test]
    public void TryTake_ManyThreads_TakeNoMoreThanThereIs()
    {
        var rate = new Rate(_time, perSecond: 1, burst: 1000);
        var taken = 0;

        Parallel.For(0, 4000, i => Interlocked.Add(ref taken, rate.TryTake(out _) ? 1 : 0));

        Assert.That(taken, Is.EqualTo(1000));
    }
}
