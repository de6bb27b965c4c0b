using System.Net;
using System.Text;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Identity;
using ClientFailover.Service.Identity.Basic;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Identity.Basic;

public class BasicLogonTests
{
    private static readonly IPAddress Here = IPAddress.Parse("192.0.2.1");

    private TemporaryDirectory _directory = null!;
    private DataDirectory _data = null!;
    private FakeTimeProvider _time = null!;
    private TestHasher _hasher = null!;
    private RecordingLogger<BasicLogon> _log = null!;
    private KnownAddresses _known = null!;
    private Service.Identity.CredentialCache _cache = null!;
    private BasicLogon _logon = null!;

    [SetUp]
    public void SetUp()
    {
        _directory = new TemporaryDirectory();
        _data = DataDirectory.Open(_directory.Path);
        _time = new FakeTimeProvider();
        _hasher = new TestHasher();
        _log = new RecordingLogger<BasicLogon>();
        Write("secret");
        var users = UserStore.Open(_data, _hasher, _time, new RecordingLogger<UserStore>());
        _known = new KnownAddresses(_data, _time, new RecordingLogger<KnownAddresses>());
        _cache = new Service.Identity.CredentialCache(_time, new ServiceOptions());
        _logon = new BasicLogon(users, _cache, new FailedLogonLimiter(_time, _known), _hasher, _log);
    }

    [TearDown]
    public void TearDown()
    {
        _hasher.Gate.Set();
        _known.Dispose();
        _data.Dispose();
        _directory.Dispose();
    }

    [Test]
    public async Task LogOn_GoodCredentials_HasNameAndRole()
    {
        var outcome = await LogOnAsync("adapter", "secret");

        var principal = (await outcome.Result).Principal!;
        Assert.That(outcome.IsSuccess, Is.True);
        Assert.That(principal.Identity!.Name, Is.EqualTo("adapter"));
        Assert.That(principal.IsInRole(Roles.Users), Is.True);
        Assert.That(principal.IsInRole(Roles.Administrators), Is.False);
    }

    [Test]
    public async Task LogOn_Again_IsAnsweredAtOnceWithoutHashing()
    {
        var first = await LogOnAsync("adapter", "secret");

        var second = _logon.LogOnAsync(Header("adapter", "secret"), Here);

        Assert.That(second.IsCompletedSuccessfully, Is.True);
        Assert.That(await second, Is.SameAs(first));
        Assert.That(_hasher.Verified, Is.EqualTo(1));
    }

    [Test]
    public async Task LogOn_UnknownNameAndWrongPassword_AreAnsweredAndHashedAlike()
    {
        var wrong = await LogOnAsync("adapter", "wrong");
        var verifiedForWrong = _hasher.Verified;
        var unknown = await LogOnAsync("nobody", "secret");

        Assert.That(unknown, Is.SameAs(wrong));
        Assert.That(unknown.IsSuccess, Is.False);
        Assert.That(unknown.Status, Is.EqualTo(401));
        Assert.That((verifiedForWrong, _hasher.Verified), Is.EqualTo((1, 2)));
        Assert.That(_log.Entries.Select(e => e.Id), Is.EqualTo(new[] { 3010, 3010 }));
        Assert.That(_log.Entries.Select(e => e.Text), Has.None.Contain("wrong"));
    }

    [Test]
    public async Task LogOn_Malformed_IsRefusedWithoutHashing()
    {
        var outcome = await _logon.LogOnAsync("Basic ?", Here);

        Assert.That(outcome, Is.SameAs(LogonOutcome.Refused));
        Assert.That(_hasher.Verified, Is.Zero);
    }

    [Test]
    public async Task LogOn_PasswordChanged_OldOneIsRefusedWithinASecond()
    {
        await LogOnAsync("adapter", "secret");

        Write("another");
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.That((await LogOnAsync("adapter", "secret")).IsSuccess, Is.False);
        Assert.That((await LogOnAsync("adapter", "another")).IsSuccess, Is.True);
    }

    [Test]
    public async Task LogOn_TooManyFailures_AreLimitedButNotTheRememberedCredential()
    {
        await LogOnAsync("adapter", "secret");
        for (var i = 0; i < FailedLogonLimiter.PerNameAndAddress; i++)
        {
            Assert.That((await LogOnAsync("adapter", $"guess{i}")).Status, Is.EqualTo(401));
        }

        var limited = await LogOnAsync("adapter", "one more");
        var remembered = _logon.LogOnAsync(Header("adapter", "secret"), Here);

        Assert.That((limited.Status, limited.RetryAfter), Is.EqualTo((429, (TimeSpan?)TimeSpan.FromSeconds(40))));
        Assert.That(remembered.IsCompletedSuccessfully, Is.True);
        Assert.That((await remembered).IsSuccess, Is.True);
        Assert.That(_hasher.Verified, Is.EqualTo(1 + FailedLogonLimiter.PerNameAndAddress));
    }

    [Test]
    public async Task LogOn_CredentialToBeVerifiedAnew_IsNotLimitedAndTakesNothingUnlessItIsNoLongerGood()
    {
        for (var i = 0; i < FailedLogonLimiter.PerNameAndAddress; i++)
        {
            await LogOnAsync("adapter", $"guess{i}");
        }

        // As after some minutes one of an account of Windows.
        Remember("secret");
        Remember("old");

        Assert.That((await LogOnAsync("adapter", "old")).Status, Is.EqualTo(401));
        Assert.That((await LogOnAsync("adapter", "old")).Status, Is.EqualTo(429), "It was good before, and is no longer.");
        Assert.That(_known.Contains(FailedLogonLimiter.Normal("adapter"), CallerNetwork.Of(Here)), Is.False);
        Assert.That((await LogOnAsync("adapter", "secret")).IsSuccess, Is.True);
        Assert.That(_known.Contains(FailedLogonLimiter.Normal("adapter"), CallerNetwork.Of(Here)), Is.True, "Its days of not being used begin anew.");

        void Remember(string password) => _cache.Add(
            _cache.KeyOf(Header("adapter", password)), new WindowsCredential(TestCallers.Adapter) { VerifyAgain = _cache.Now });
    }

    [Test]
    public async Task LogOn_ManyWithOneCredential_AreVerifiedOnce()
    {
        _hasher.Gate.Reset();
        var logons = Enumerable.Range(0, 100).Select(i => LogOnAsync("adapter", "secret")).ToArray();
        await _hasher.Begun.WaitAsync();
        _hasher.Gate.Set();

        var outcomes = await Task.WhenAll(logons);

        Assert.That(outcomes.Select(o => o.IsSuccess), Is.All.True);
        Assert.That(_hasher.Verified, Is.EqualTo(1));
    }

    [Test]
    public async Task LogOn_WhileOthersAreHashed_RememberedCredentialDoesNotWait()
    {
        await LogOnAsync("adapter", "secret");
        _hasher.Gate.Reset();
        var guesses = Enumerable.Range(0, 8).Select(i => LogOnAsync("adapter", $"guess{i}")).ToArray();

        var remembered = _logon.LogOnAsync(Header("adapter", "secret"), Here);

        Assert.That(remembered.IsCompletedSuccessfully, Is.True);
        _hasher.Gate.Set();
        await Task.WhenAll(guesses);
    }

    [Test]
    public async Task LogOn_MoreThanTheQueueHolds_AreToldToComeBack()
    {
        _hasher.Gate.Reset();
        var waiting = Enumerable.Range(0, HashingQueue.Longest)
            .Select(i => _logon.LogOnAsync(Header($"user{i}", "x"), new IPAddress(i)).AsTask())
            .ToArray();

        var refused = await LogOnAsync("adapter", "secret");

        Assert.That(refused, Is.SameAs(LogonOutcome.Busy));
        Assert.That(refused.Status, Is.EqualTo(503));
        _hasher.Gate.Set();
        await Task.WhenAll(waiting);
        Assert.That((await LogOnAsync("adapter", "secret")).IsSuccess, Is.True);
    }

    [Test]
    public async Task LogOn_FloodFromOneAddress_IsRefusedBeforeItWaitsAndDelaysNobodyElse()
    {
        _hasher.Gate.Reset();
        var flood = Enumerable.Range(0, 60).Select(i => LogOnAsync($"user{i}", "x")).ToArray();
        var other = _logon.LogOnAsync(Header("adapter", "secret"), IPAddress.Parse("192.0.2.2")).AsTask();

        var refused = flood.Where(l => l.IsCompleted).Select(l => l.Result).ToArray();
        _hasher.Gate.Set();
        await Task.WhenAll(flood);

        Assert.That(refused, Has.Length.EqualTo(60 - HashingQueue.LongestPerAddress));
        Assert.That(refused.Select(o => (o.Status, o.RetryAfter)), Is.All.EqualTo((429, (TimeSpan?)TimeSpan.FromSeconds(1))));
        Assert.That((await other).IsSuccess, Is.True);
        Assert.That(_hasher.Verified, Is.EqualTo(HashingQueue.LongestPerAddress + 1));
        Assert.That((await LogOnAsync("adapter", "secret")).IsSuccess, Is.True, "the flood is over");
    }

    private static string Header(string name, string password) =>
        "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password}"));

    private Task<LogonOutcome> LogOnAsync(string name, string password) => _logon.LogOnAsync(Header(name, password), Here).AsTask();

    private void Write(string password) =>
        UserFile.Write(_data.File(UserFile.Name), [new UserAccount("adapter", _hasher.HashPassword(null!, password), Roles.Users)]);
}
