using ClientFailover.Service.Liveness;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Liveness;

public sealed class PulseTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = new();

    [Test]
    public void Stuck_WorkTakesLongerThanItMay_NamesThatThreadOnly()
    {
        var pulses = new Pulses(_time);
        var slow = pulses.Add("slow", Patience);
        var patient = pulses.Add("patient", Patience * 2);
        pulses.Add("never started", Patience);
        slow.Beat();
        patient.Beat();

        _time.Advance(Patience);
        var inTime = pulses.Stuck;
        _time.Advance(TimeSpan.FromMilliseconds(1));
        var late = pulses.Stuck;

        Assert.That(inTime, Is.Empty);
        Assert.That(late, Is.EqualTo([slow]));
        Assert.That(slow.Busy, Is.EqualTo(Patience + TimeSpan.FromMilliseconds(1)));
    }

    [Test]
    public void Beat_Again_StartsAnew()
    {
        var pulses = new Pulses(_time);
        var pulse = pulses.Add("one", Patience);
        pulse.Beat();
        _time.Advance(Patience);

        pulse.Beat();
        _time.Advance(Patience);

        Assert.That(pulses.Stuck, Is.Empty);
        Assert.That(pulse.Busy, Is.EqualTo(Patience));
    }

    [Test]
    public void Rest_ForHowLongEver_IsNotStuck()
    {
        var pulses = new Pulses(_time);
        var pulse = pulses.Add("one", Patience);
        pulse.Beat();

        pulse.Rest();
        _time.Advance(TimeSpan.FromDays(1));

        Assert.That(pulses.Stuck, Is.Empty);
        Assert.That(pulse.Busy, Is.EqualTo(TimeSpan.Zero));
    }
}
