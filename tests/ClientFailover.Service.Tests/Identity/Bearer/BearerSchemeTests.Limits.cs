using ClientFailover.Service.Identity;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Identity.Bearer;

/// <content>How many that are not good are looked at.</content>
public sealed partial class BearerSchemeTests
{
    [Test]
    public async Task LogOn_TokensThatAreNotGood_AreLookedAtUpToALimitOfTheirAddress()
    {
        var good = _provider.Sign(_time.GetUtcNow(), Hours);
        await ExhaustAsync(good);

        var limited = await LogOnAsync(good + "x");
        var fromElsewhere = await LogOnAsync(good, "192.0.2.2");
        var remembered = await LogOnAsync(good);

        Assert.That((limited.Status, limited.RetryAfter > TimeSpan.Zero), Is.EqualTo((StatusCodes.Status429TooManyRequests, true)));
        Assert.That((fromElsewhere.IsSuccess, remembered), Is.EqualTo((true, fromElsewhere)));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.That((await LogOnAsync(_provider.Sign(_time.GetUtcNow(), Hours))).IsSuccess, Is.True);
    }

    [Test]
    public async Task LogOn_TokenThatWasGoodAndIsVerifiedAnew_IsNotLimitedByOthersAtItsAddress()
    {
        var token = _provider.Sign(_time.GetUtcNow(), Hours);
        var first = await LogOnAsync(token);
        _time.Advance(TimeSpan.FromMinutes(5));
        await ExhaustAsync(_provider.Sign(_time.GetUtcNow(), Hours, "stranger"));

        var anew = await LogOnAsync(token);

        Assert.That((anew.IsSuccess, ReferenceEquals(anew, first)), Is.EqualTo((true, false)));
    }

    [Test]
    public async Task LogOn_NewTokenOfOneWhoWasLetInThere_HasAShareOfItsOwn()
    {
        await LogOnAsync(_provider.Sign(_time.GetUtcNow(), Hours));
        await ExhaustAsync(_provider.Sign(_time.GetUtcNow(), Hours, "stranger"));
        Assert.That((await LogOnAsync(_provider.Sign(_time.GetUtcNow(), Hours, "bob"))).Status, Is.EqualTo(StatusCodes.Status429TooManyRequests));

        for (var i = 0; i < 2 * VerificationLimiter.PerKnownName; i++)
        {
            var good = _provider.Sign(_time.GetUtcNow(), Hours + TimeSpan.FromSeconds(i + 1));
            Assert.That((await LogOnAsync(good)).IsSuccess, Is.True, "A success gives back what it took.");
        }

        var forged = _provider.Sign(_time.GetUtcNow(), Hours, key: TestProvider.NewKey());
        for (var i = 0; i < VerificationLimiter.PerKnownName; i++)
        {
            Assert.That((await LogOnAsync(forged)).Status, Is.EqualTo(StatusCodes.Status401Unauthorized));
        }

        Assert.That((await LogOnAsync(forged)).Status, Is.EqualTo(StatusCodes.Status429TooManyRequests));
    }

    [TestCase("x")]
    [TestCase("a.b.c")]
    [TestCase("e30.W10.e30")]
    public async Task LogOn_NoTokenAtAllWhereTheAddressIsLimited_IsLimited(string token)
    {
        await ExhaustAsync(_provider.Sign(_time.GetUtcNow(), Hours));

        Assert.That((await LogOnAsync(token)).Status, Is.EqualTo(StatusCodes.Status429TooManyRequests));
    }

    [Test]
    public async Task LogOn_GoodTokens_AreNotLimited()
    {
        for (var i = 0; i <= VerificationLimiter.PerAddress; i++)
        {
            Assert.That((await LogOnAsync(_provider.Sign(_time.GetUtcNow(), Hours, $"subject {i}"))).IsSuccess, Is.True);
        }
    }

    /// <summary>Leaves the address nothing to fail with.</summary>
    private async Task ExhaustAsync(string token)
    {
        for (var i = 0; i < VerificationLimiter.PerAddress; i++)
        {
            Assert.That((await LogOnAsync($"{token}{i}")).Status, Is.EqualTo(StatusCodes.Status401Unauthorized));
        }
    }
}
