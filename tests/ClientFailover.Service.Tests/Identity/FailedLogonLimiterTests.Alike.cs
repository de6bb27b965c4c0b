using ClientFailover.Service.Identity;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Identity;

/// <content>That nothing tells which names are known at an address.</content>
public partial class FailedLogonLimiterTests
{
    [Test]
    public void MayTell_AddressIsLimited_RefusesAKnownNameAsAnyOtherAndCountsIt()
    {
        _limiter.TryTake("user", Here, out _);
        _limiter.Succeeded("user", Here);
        Fail("other", Here, 1);
        for (var i = 1; i < FailedLogonLimiter.PerAddress; i++)
        {
            Assert.That(_limiter.MayTell("user", Here, out _), Is.True, "Each counts for the address.");
        }

        _limiter.TryTake("random", Here, out var ofRandom);
        Assert.That((_limiter.MayTell("user", Here, out var ofUser), ofUser), Is.EqualTo((false, ofRandom)));
        Fail("user", Here, FailedLogonLimiter.PerNameAndAddress);
        Assert.That((_limiter.TryTake("user", Here, out ofUser), ofUser), Is.EqualTo((false, ofRandom)), "Not the wait of the name.");
    }

    [Test]
    public void TryTake_NamesGuessedWhileTheAddressIsLimited_AreAfterwardsAlikeWhetherKnownOrNot()
    {
        _limiter.TryTake("user", Here, out _);
        _limiter.Succeeded("user", Here);
        for (var i = 0; i < FailedLogonLimiter.PerAddress; i++)
        {
            Fail($"random{i}", Here, 1);
        }

        for (var i = 0; i < FailedLogonLimiter.PerNameAndAddress; i++)
        {
            Assert.That((_limiter.TryTake("user", Here, out _), _limiter.TryTake("nobody", Here, out _)), Is.EqualTo((true, false)));
        }

        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.That((_limiter.TryTake("nobody", Here, out var ofNobody), _limiter.TryTake("user", Here, out var ofUser)), Is.EqualTo((false, false)));
        Assert.That(ofNobody, Is.EqualTo(ofUser).And.EqualTo(TimeSpan.FromSeconds(38)));
    }

    [Test]
    public void MayTell_NameIsLimitedWhereItIsNotKnown_IsRefusedAlikeWhereItIs()
    {
        _limiter.TryTake("user", Here, out _);
        _limiter.Succeeded("user", Here);
        for (var i = 0; i < FailedLogonLimiter.PerName; i++)
        {
            _limiter.TryTake("user", Elsewhere(i), out _);
        }

        _limiter.TryTake("user", There, out var ofThere);

        Assert.That((_limiter.MayTell("user", Here, out var ofHere), ofHere), Is.EqualTo((false, ofThere)));
    }

    [Test]
    public void TryTake_EndlessNamesAtALimitedAddress_ForgetNoFailureOfAKnownName()
    {
        _limiter.TryTake("user", Here, out _);
        _limiter.Succeeded("user", Here);
        Fail("user", Here, FailedLogonLimiter.PerNameAndAddress);
        for (var i = 0; i < 2 * FailedLogonLimiter.Capacity; i++)
        {
            _limiter.TryTake($"random{i}", Here, out _);
        }

        Assert.That(_limiter.TryTake("user", Here, out _), Is.False);
    }
}
