using System.Net;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Identity;
using ClientFailover.Service.Identity.Bearer;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Identity.Bearer;

/// <summary>Tokens in virtual time: when they are verified anew, and what withdraws them.</summary>
public sealed partial class BearerSchemeTests
{
    private static readonly TimeSpan Hours = TimeSpan.FromHours(8);

    private FakeTimeProvider _time = null!;
    private KnownAddresses _known = null!;
    private TestProvider _provider = null!;
    private IdentityProvider _identity = null!;
    private BearerScheme _scheme = null!;

    [SetUp]
    public void SetUp()
    {
        _time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 30, 6, 0, 0, TimeSpan.Zero));
        _provider = new TestProvider();
        _identity = new IdentityProvider(TestProvider.Options, _time, _provider);
        _known = new KnownAddresses(null, _time, new RecordingLogger<KnownAddresses>());
        _scheme = NewScheme(TestProvider.Options);
    }

    [TearDown]
    public void TearDown()
    {
        _identity.Dispose();
        _known.Dispose();
    }

    [Test]
    public async Task LogOn_GoodToken_IsRememberedAndVerifiedAnewEveryFiveMinutes()
    {
        var token = _provider.Sign(_time.GetUtcNow(), Hours);

        var first = await LogOnAsync(token);
        var again = LogOn(token);
        Assert.That((first.IsSuccess, again.IsCompletedSuccessfully, await again), Is.EqualTo((true, true, first)));

        _time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        Assert.That(await LogOnAsync(token), Is.SameAs(first));
        _time.Advance(TimeSpan.FromTicks(1));
        var anew = await LogOnAsync(token);

        Assert.That((anew.IsSuccess, ReferenceEquals(anew, first)), Is.EqualTo((true, false)));
    }

    [Test]
    public async Task LogOn_TokenExpires_CountsNoLonger()
    {
        var token = _provider.Sign(_time.GetUtcNow(), TimeSpan.FromMinutes(3));
        var credential = (await LogOnAsync(token)).Credential!;
        Assert.That((credential.Expires, credential.RenewFrom), Is.EqualTo((_time.GetUtcNow().AddMinutes(3), _time.GetUtcNow().AddMinutes(2.5))));

        _time.Advance(TimeSpan.FromMinutes(3));

        Assert.That((credential.HasEnded(_time), _scheme.IsStillGood(credential)), Is.EqualTo((true, false)));
        Assert.That((await LogOnAsync(token)).IsSuccess, Is.False);
    }

    [Test]
    public async Task Refresh_KeyIsWithdrawn_EndsItsTokensWithinTenMinutes()
    {
        var old = _provider.Sign(_time.GetUtcNow(), Hours);
        var credential = (await LogOnAsync(old)).Credential!;
        _provider.AddKey();
        var current = _provider.Sign(_time.GetUtcNow(), Hours);
        _provider.WithdrawOldest();

        await PassAsync(IdentityProvider.RefreshEvery - TimeSpan.FromSeconds(1));
        Assert.That((credential.HasEnded(_time), _provider.Asked), Is.EqualTo((false, 1)));
        await PassAsync(TimeSpan.FromSeconds(1));

        Assert.That((credential.HasEnded(_time), _provider.Asked), Is.EqualTo((true, 2)));
        Assert.That((await LogOnAsync(old)).IsSuccess, Is.False);
        Assert.That((await LogOnAsync(current)).IsSuccess, Is.True);
    }

    [Test]
    public async Task Refresh_NothingIsWithdrawn_EndsNothing()
    {
        var token = _provider.Sign(_time.GetUtcNow(), Hours);
        var credential = (await LogOnAsync(token)).Credential!;
        _provider.AddKey();

        await PassAsync(IdentityProvider.RefreshEvery);

        Assert.That((_provider.Asked, credential.HasEnded(_time)), Is.EqualTo((2, false)));
    }

    [Test]
    public async Task Refresh_ProviderIsGone_WhatWasReadGoesOnCounting()
    {
        var token = _provider.Sign(_time.GetUtcNow(), Hours);
        var credential = (await LogOnAsync(token)).Credential!;
        _provider.IsThere = false;

        await PassAsync(TimeSpan.FromHours(2));

        Assert.That(credential.HasEnded(_time), Is.False);
        Assert.That((await LogOnAsync(token)).IsSuccess, Is.True);
    }

    [Test]
    public async Task Refresh_NoTokenEver_AsksNobody()
    {
        await PassAsync(TimeSpan.FromHours(2));

        Assert.That(_provider.Asked, Is.Zero);
    }

    [Test]
    public async Task LogOn_KeyThatIsNotKnownYet_IsAskedFor()
    {
        await LogOnAsync(_provider.Sign(_time.GetUtcNow(), Hours));
        _provider.AddKey();

        var outcome = await LogOnAsync(_provider.Sign(_time.GetUtcNow(), Hours, "bob"));

        Assert.That((outcome.IsSuccess, _provider.Asked, outcome.Credential?.IsRevoked), Is.EqualTo((true, 2, false)));
    }

    [Test]
    public async Task LogOn_WithClockSkew_IsTakenWithinItAndRefusedBeyond()
    {
        var skew = TimeSpan.FromMinutes(2);
        _scheme = NewScheme(new ServiceOptions
        {
            AuthenticationSchemes = SchemeNames.Bearer,
            BearerAuthority = TestProvider.Authority,
            BearerAudience = TestProvider.Audience,
            BearerClockSkew = skew,
        });
        var early = _provider.Sign(_time.GetUtcNow() + skew + TimeSpan.FromSeconds(1), Hours);
        Assert.That((await LogOnAsync(early)).IsSuccess, Is.False);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That((await LogOnAsync(early)).IsSuccess, Is.True);

        var ending = _provider.Sign(_time.GetUtcNow(), TimeSpan.FromMinutes(1));
        _time.Advance(TimeSpan.FromMinutes(1) + skew - TimeSpan.FromSeconds(1));
        Assert.That((await LogOnAsync(ending)).IsSuccess, Is.True);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That((await LogOnAsync(ending)).IsSuccess, Is.False);
    }

    [Test]
    public async Task LogOn_OfAnotherAudienceOrKey_IsRefused()
    {
        Assert.That((await LogOnAsync(_provider.Sign(_time.GetUtcNow(), Hours, audience: "other"))).IsSuccess, Is.False);
        Assert.That((await LogOnAsync(_provider.Sign(_time.GetUtcNow(), Hours, key: TestProvider.NewKey()))).IsSuccess, Is.False);
    }

    private BearerScheme NewScheme(ServiceOptions options) =>
        new(options, _identity, new VerificationLimiter(_time, _known), _time, new RecordingLogger<BearerScheme>());

    private async Task<LogonOutcome> LogOnAsync(string token, string address = "192.0.2.1") => await LogOn(token, address);

    private ValueTask<LogonOutcome> LogOn(string token, string address = "192.0.2.1")
    {
        var http = new DefaultHttpContext();
        http.Connection.RemoteIpAddress = IPAddress.Parse(address);
        return _scheme.LogOnAsync(http, $"Bearer {token}");
    }

    /// <summary>Lets time pass as the service looks at it, once a second.</summary>
    private async Task PassAsync(TimeSpan time)
    {
        for (var left = time; left > TimeSpan.Zero; left -= TimeSpan.FromSeconds(1))
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await _identity.RefreshAsync();
        }
    }
}
