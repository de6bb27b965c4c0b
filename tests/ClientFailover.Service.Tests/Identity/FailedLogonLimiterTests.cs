using System.Net;
using ClientFailover.Service.Identity;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Identity;

public partial class FailedLogonLimiterTests
{
    private static readonly IPAddress Here = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress There = IPAddress.Parse("192.0.2.2");

    // OWASP ASVS V2.2.1.
    private const int PerHour = 100;

    private FakeTimeProvider _time = null!;
    private KnownAddresses _known = null!;
    private FailedLogonLimiter _limiter = null!;

    [SetUp]
    public void SetUp()
    {
        _time = new FakeTimeProvider();
        _known = new KnownAddresses(null, _time, new RecordingLogger<KnownAddresses>());
        _limiter = new FailedLogonLimiter(_time, _known);
    }

    [TearDown]
    public void TearDown() => _known.Dispose();

    [Test]
    public void TryTake_GuessedFromManyAddressesForAnHour_AllowsAHundredInAll()
    {
        var allowed = 0;
        for (var second = 0; second < 3600; second++)
        {
            allowed += _limiter.TryTake("user", Elsewhere(second), out _) ? 1 : 0;
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That(allowed, Is.InRange(PerHour - 1, PerHour));
    }

    [Test]
    public void TryTake_GuessedFromEverywhere_DoesNotLockOutWhereTheAccountWasUsed()
    {
        Assert.That(_limiter.TryTake("user", Here, out _), Is.True);
        _limiter.Succeeded("user", Here);
        for (var i = 0; i < 10 * FailedLogonLimiter.PerName; i++)
        {
            _limiter.TryTake("DOMAIN\\User", Elsewhere(i), out _);
        }

        Assert.That(_limiter.TryTake("user", There, out var wait), Is.False, "It was never used there.");
        Assert.That(wait, Is.EqualTo(TimeSpan.FromSeconds(72)));
        Assert.That(_limiter.TryTake("other", There, out _), Is.True);
        Fail("user", Here, FailedLogonLimiter.PerNameAndAddress);
        Assert.That(_limiter.TryTake("user", Here, out _), Is.False, "There it has the limit of an address.");
    }

    [Test]
    public void Succeeded_WhereItWasKnown_GivesNothingBackThatWasNotTaken()
    {
        _limiter.TryTake("user", Here, out _);
        _limiter.Succeeded("user", Here);
        for (var i = 0; i < FailedLogonLimiter.PerName; i++)
        {
            _limiter.TryTake("user", Elsewhere(i), out _);
        }

        _limiter.TryTake("user", Here, out _);
        _limiter.Succeeded("user", Here);

        Assert.That(_limiter.TryTake("user", There, out _), Is.False);
    }

    [Test]
    public void TryTake_FailuresOfOneName_StopsThatNameFromThatAddressOnly()
    {
        Fail("user", Here, FailedLogonLimiter.PerNameAndAddress);

        Assert.That(_limiter.TryTake("user", Here, out var wait), Is.False);
        Assert.That(wait, Is.EqualTo(TimeSpan.FromSeconds(40)));
        Assert.That(_limiter.TryTake("other", Here, out _), Is.True);
        Assert.That(_limiter.TryTake("user", There, out _), Is.True);
    }

    [Test]
    public void TryTake_AfterTheWait_IsAllowedOnce()
    {
        Fail("user", Here, FailedLogonLimiter.PerNameAndAddress);

        _time.Advance(TimeSpan.FromSeconds(40));

        Assert.That(_limiter.TryTake("user", Here, out _), Is.True);
        Assert.That(_limiter.TryTake("user", Here, out _), Is.False);
    }

    [Test]
    public void TryTake_AnHourOfGuessing_AllowsAHundred()
    {
        var allowed = 0;
        for (var second = 0; second < 3600; second++)
        {
            allowed += _limiter.TryTake("user", Here, out _) ? 1 : 0;
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That(allowed, Is.InRange(PerHour - 1, PerHour));
    }

    [Test]
    public void TryTake_CaseAndDomain_DoNotMakeAnotherName()
    {
        Fail("user", Here, FailedLogonLimiter.PerNameAndAddress);

        Assert.That(_limiter.TryTake("USER", Here, out _), Is.False);
        Assert.That(_limiter.TryTake("DOMAIN\\user", Here, out _), Is.False);
    }

    [Test]
    public void TryTake_FailuresOfManyNames_StopsTheAddress()
    {
        for (var i = 0; i < FailedLogonLimiter.PerAddress; i++)
        {
            Fail($"user{i}", Here, 1);
        }

        Assert.That(_limiter.TryTake("new", Here, out _), Is.False);
        Assert.That(_limiter.TryTake("new", There, out _), Is.True);
    }

    [Test]
    public void TryTake_RandomNamesBehindASharedAddress_DoNotLockOutWhatIsKnownThere()
    {
        Assert.That(_limiter.TryTake("user", Here, out _), Is.True);
        _limiter.Succeeded("user", Here);
        for (var i = 0; i < 2 * FailedLogonLimiter.PerAddress; i++)
        {
            _limiter.TryTake($"random{i}", Here, out _);
        }

        Assert.That(_limiter.TryTake("random", Here, out _), Is.False);
        Fail("user", Here, FailedLogonLimiter.PerNameAndAddress);
        Assert.That(_limiter.TryTake("user", Here, out _), Is.False, "It has its own limit there.");
    }

    [Test]
    public void Succeeded_WhereItWasKnown_GivesOthersNothingBack()
    {
        _limiter.TryTake("user", Here, out _);
        _limiter.Succeeded("user", Here);
        for (var i = 0; i < FailedLogonLimiter.PerAddress; i++)
        {
            Fail($"random{i}", Here, 1);
        }

        _limiter.TryTake("user", Here, out _);
        _limiter.Succeeded("user", Here);

        Assert.That(_limiter.TryTake("random", Here, out _), Is.False);
    }

    [Test]
    public void TryTake_AddressesOfOneIPv6Network_CountTogether()
    {
        for (var i = 0; i < FailedLogonLimiter.PerNameAndAddress; i++)
        {
            Fail("user", IPAddress.Parse($"2001:db8::{i:x}"), 1);
        }

        Assert.That(_limiter.TryTake("user", IPAddress.Parse("2001:db8::ffff"), out _), Is.False);
        Assert.That(_limiter.TryTake("user", IPAddress.Parse("2001:db8:0:1::1"), out _), Is.True);
    }

    [Test]
    public void TryTake_MappedAddress_IsTheSameAsIPv4()
    {
        Fail("user", Here, FailedLogonLimiter.PerNameAndAddress);

        Assert.That(_limiter.TryTake("user", Here.MapToIPv6(), out _), Is.False);
    }

    [Test]
    public void Return_EverySuccess_IsNotLimitedAndLeavesNothing()
    {
        for (var i = 0; i < 10 * FailedLogonLimiter.PerAddress; i++)
        {
            Assert.That(_limiter.TryTake("user", Here, out _), Is.True);
            _limiter.Succeeded("user", Here);
        }

        Assert.That(_limiter.Count, Is.Zero);
    }

    [Test]
    public void TryTake_EndlessNamesAndAddresses_StaysBounded()
    {
        for (var i = 0; i < (2 * FailedLogonLimiter.Capacity) + 1; i++)
        {
            _limiter.TryTake($"user{i}", new IPAddress(i), out _);
            if (i % 100 == 0)
            {
                _time.Advance(TimeSpan.FromSeconds(1));
            }
        }

        Assert.That(_limiter.Count, Is.LessThanOrEqualTo(3 * FailedLogonLimiter.Capacity));
    }

    [Test]
    public void TryTake_ManyThreads_AllowsExactlyTheLimit()
    {
        var allowed = 0;
        Parallel.For(0, 1000, _ =>
        {
            if (_limiter.TryTake("user", Here, out TimeSpan _))
            {
                Interlocked.Increment(ref allowed);
            }
        });

        Assert.That(allowed, Is.EqualTo(FailedLogonLimiter.PerNameAndAddress));
    }

    private static IPAddress Elsewhere(int number) => new([203, 0, (byte)(number >> 8), (byte)number]);

    private void Fail(string name, IPAddress address, int times)
    {
        for (var i = 0; i < times; i++)
        {
            Assert.That(_limiter.TryTake(name, address, out _), Is.True);
        }
    }
}
