using System.Net;
using System.Text;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Identity;
using ClientFailover.Service.Identity.Basic;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Identity.Basic;

/// <summary>Logons at an address where too many have failed: nothing tells which names are known there. Each hash takes 0.1 s of virtual time.</summary>
public sealed class LimitedLogonTests
{
    private static readonly TimeSpan HashTime = TimeSpan.FromSeconds(0.1);
    private static readonly IPAddress Here = IPAddress.Parse("192.0.2.1");

    private TemporaryDirectory _directory = null!;
    private DataDirectory _data = null!;
    private FakeTimeProvider _time = null!;
    private KnownAddresses _known = null!;
    private FailedLogonLimiter _limiter = null!;
    private BasicLogon _logon = null!;

    [SetUp]
    public async Task SetUpAsync()
    {
        _directory = new TemporaryDirectory();
        _data = DataDirectory.Open(_directory.Path);
        _time = new FakeTimeProvider();
        _known = new KnownAddresses(null, _time, new RecordingLogger<KnownAddresses>());
        _limiter = new FailedLogonLimiter(_time, _known);
        var hasher = new TimedHasher(_time);
        UserFile.Write(
            _data.File(UserFile.Name),
            new[] { "known", "other" }.Select(n => new UserAccount(n, hasher.HashPassword(null!, "secret"), Roles.Users)));
        _logon = new BasicLogon(
            UserStore.Open(_data, hasher, _time, new RecordingLogger<UserStore>()),
            new Service.Identity.CredentialCache(_time, new ServiceOptions()),
            _limiter,
            hasher,
            new RecordingLogger<BasicLogon>());
        Assert.That((await LogOnAsync("known", "secret")).IsSuccess, Is.True);
    }

    [TearDown]
    public void TearDown()
    {
        _known.Dispose();
        _data.Dispose();
        _directory.Dispose();
    }

    [TestCase("nobody", Description = "There is no such account.")]
    [TestCase("other", Description = "It was never used there.")]
    [TestCase("known")]
    public async Task LogOn_WrongPasswordWhereTheAddressIsLimited_IsAnsweredAlike(string name)
    {
        Exhaust();

        var answer = await AnswerAsync(LogOnAsync(name, "wrong"));

        Assert.That((answer.Status, answer.Challenge, Math.Ceiling(answer.RetryAfter!.Value.TotalSeconds)), Is.EqualTo((429, (string?)null, 1.0)));
        Assert.That((await answer.Result).Failure!.Message, Is.EqualTo("Too many failed logons."));
    }

    [Test]
    public async Task LogOn_RightPasswordOfAKnownName_StillSucceeds()
    {
        Exhaust();

        // With a blank it is another header, which is not remembered.
        Assert.That((await _logon.LogOnAsync(Header("known", "secret") + " ", Here)).IsSuccess, Is.True);
    }

    [Test]
    public async Task LogOn_RefusedWithoutHashing_IsAnsweredAfterTheTimeOfTwoHashes()
    {
        Exhaust();
        var refused = LogOnAsync("nobody", "wrong");

        _time.Advance((2 * HashTime) - TimeSpan.FromTicks(1));
        Assert.That(refused.IsCompleted, Is.False);
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.That((await refused).Status, Is.EqualTo(429));
    }

    private static string Header(string name, string password) =>
        "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password}"));

    private Task<LogonOutcome> LogOnAsync(string name, string password) => _logon.LogOnAsync(Header(name, password), Here).AsTask();

    /// <summary>Leaves the address nothing to fail with.</summary>
    private void Exhaust()
    {
        for (var i = 0; _limiter.TryTake($"random{i}", Here, out _); i++)
        {
        }
    }

    /// <summary>Waits for an answer that is held by the virtual clock; lets no time pass in which the address could fail once more.</summary>
    private async Task<LogonOutcome> AnswerAsync(Task<LogonOutcome> answer)
    {
        for (var passed = TimeSpan.Zero; passed < 4 * HashTime && !answer.IsCompleted; passed += TimeSpan.FromMilliseconds(1))
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            await Task.Yield();
        }

        return await answer;
    }

    private sealed class TimedHasher(FakeTimeProvider time) : IPasswordHasher<UserAccount>
    {
        private readonly IPasswordHasher<UserAccount> _hasher = TestHasher.Create();

        public string HashPassword(UserAccount user, string password) => _hasher.HashPassword(user, password);

        public PasswordVerificationResult VerifyHashedPassword(UserAccount user, string hashedPassword, string providedPassword)
        {
            time.Advance(HashTime);
            return _hasher.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }
}
