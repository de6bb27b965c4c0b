using System.Net;
using System.Text;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Identity;
using ClientFailover.Service.Identity.Basic;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Identity.Basic;

/// <summary>The minute after a restart: a fleet behind one address logs on at once, each hash takes 0.3 s, somebody guesses. In virtual time.</summary>
public sealed class RestartTests
{
    private const int Accounts = 200;

    private static readonly TimeSpan HashTime = TimeSpan.FromSeconds(0.3);
    private static readonly IPAddress Plant = IPAddress.Parse("192.0.2.1");

    private TemporaryDirectory _directory = null!;
    private DataDirectory _data = null!;
    private FakeTimeProvider _time = null!;
    private KnownAddresses _known = null!;
    private SlowHasher _hasher = null!;
    private BasicLogon _logon = null!;

    [SetUp]
    public void SetUp()
    {
        _directory = new TemporaryDirectory();
        _data = DataDirectory.Open(_directory.Path);
        _time = new FakeTimeProvider();
        _hasher = new SlowHasher(_time);
        _known = new KnownAddresses(_data, _time, new RecordingLogger<KnownAddresses>());
        UserFile.Write(
            _data.File(UserFile.Name),
            Enumerable.Range(0, Accounts).Select(i => new UserAccount($"adapter{i}", _hasher.HashPassword(null!, Password(i)), Roles.Users)));
        for (var i = 0; i < Accounts; i++)
        {
            _known.Add($"ADAPTER{i}", Plant);
        }

        _logon = new BasicLogon(
            UserStore.Open(_data, _hasher, _time, new RecordingLogger<UserStore>()),
            new Service.Identity.CredentialCache(_time, new ServiceOptions()),
            new FailedLogonLimiter(_time, _known),
            _hasher,
            new RecordingLogger<BasicLogon>());
    }

    [TearDown]
    public void TearDown()
    {
        _hasher.Open();
        _known.Dispose();
        _data.Dispose();
        _directory.Dispose();
    }

    [Test]
    public async Task LogOn_FleetAfterARestart_IsNeverRefusedAndWaitsForNoStranger()
    {
        var atOnce = Math.Max(1, Environment.ProcessorCount / 2);
        var elsewhere = Enumerable.Range(0, 60).Select(i => LogOnAsync($"guess{i}", "wrong", new IPAddress([203, 0, 113, (byte)i])));
        var guesses = elsewhere.Concat(Enumerable.Range(0, 60).Select(i => LogOnAsync($"random{i}", "wrong", Plant))).ToArray();
        var fleet = Enumerable.Range(0, Accounts).Select(i => LogOnAsync($"adapter{i}", Password(i), Plant)).ToArray();

        _hasher.Open();
        var outcomes = await Task.WhenAll(fleet);
        await Task.WhenAll(guesses);

        Assert.That(outcomes.Select(o => o.IsSuccess), Is.All.True);
        Assert.That(_hasher.EndOfLastGood, Is.LessThanOrEqualTo((Accounts + atOnce) * HashTime), "Only what was being hashed already is waited for.");
    }

    [Test]
    public async Task LogOn_FleetBehindAnAddressThatIsLimited_IsNotRefused()
    {
        _hasher.Open();
        for (var i = 0; i < FailedLogonLimiter.PerAddress; i++)
        {
            await LogOnAsync($"random{i}", "wrong", Plant);
        }

        var outcomes = await Task.WhenAll(Enumerable.Range(0, Accounts).Select(i => LogOnAsync($"adapter{i}", Password(i), Plant)));

        Assert.That(outcomes.Select(o => o.IsSuccess), Is.All.True);
    }

    private static string Password(int number) => $"secret{number}";

    private Task<LogonOutcome> LogOnAsync(string name, string password, IPAddress address) =>
        _logon.LogOnAsync("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password}")), address).AsTask();

    /// <summary>Takes 0.3 s of virtual time for each, and begins when it is told to.</summary>
    private sealed class SlowHasher(FakeTimeProvider time) : IPasswordHasher<UserAccount>
    {
        private readonly IPasswordHasher<UserAccount> _hasher = TestHasher.Create();
        private readonly ManualResetEventSlim _isOpen = new(initialState: false);
        private readonly Lock _clock = new();
        private readonly DateTimeOffset _start = time.GetUtcNow();

        public TimeSpan EndOfLastGood { get; private set; }

        public void Open() => _isOpen.Set();

        public string HashPassword(UserAccount user, string password) => _hasher.HashPassword(user, password);

        public PasswordVerificationResult VerifyHashedPassword(UserAccount user, string hashedPassword, string providedPassword)
        {
            _isOpen.Wait();
            var result = _hasher.VerifyHashedPassword(user, hashedPassword, providedPassword);
            lock (_clock)
            {
                time.Advance(HashTime);
                EndOfLastGood = result == PasswordVerificationResult.Failed ? EndOfLastGood : time.GetUtcNow() - _start;
            }

            return result;
        }
    }
}
