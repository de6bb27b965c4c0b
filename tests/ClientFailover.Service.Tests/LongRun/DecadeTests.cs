using System.Globalization;
using ClientFailover.Engine;
using ClientFailover.Service.Audit;
using ClientFailover.Service.Certificates;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Storage;
using ClientFailover.Service.Tests.Certificates;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.LongRun;

/// <summary>
/// Ten years: each day roles change, a session comes and is never heard of again, an administrator does something, certificates are
/// looked at; each year there is a new certificate and a restart.
/// </summary>
[NonParallelizable]
public sealed class DecadeTests
{
    private const int Years = 10;
    private const int DaysPerYear = 365;
    private const int HistoryPerGroup = 200;
    private const long Mebibyte = 1024 * 1024;

    /// <summary>Those at work, and who came in the last 30 days.</summary>
    private const int MostSessions = 2 + 30;

    private static readonly string[] Settings =
    [
        "--HistoryPerGroup", $"{HistoryPerGroup}", "--AuditTotalSize", "1", "--AuditRetention", "30.00:00:00", "--MinimumHeartbeatInterval", "0",
        "--MinimumHoldTime", "00:00:00",
    ];

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    private VirtualService _service = null!;

    [SetUp]
    public async Task SetUpAsync() => _service = await VirtualService.StartAsync(Settings);

    [TearDown]
    public async Task TearDownAsync() => await _service.DisposeAsync();

    [Test]
    public async Task Decade_OfDailyWork_TakesNoMoreThanItsFirstYears()
    {
        var growth = new Growth(() => _service);
        await _service.CreateAsync("Line1", Timeout, "a", "b");
        await _service.CreateAsync("Line2", Timeout, "a", "b");
        long term = 0;
        for (var year = 0; year < Years; year++)
        {
            for (var day = 0; day < DaysPerYear; day++)
            {
                foreach (var group in new[] { "Line1", "Line2" })
                {
                    await WorkAsync(group, (year * DaysPerYear) + day);
                }

                _service.Get<IAuditTrail>().Record(new AuditEntry("GroupService.CreateGroup", $"default/default/g{day}", AuditEntry.Done, "admin", null));
                _service.Sleep(hours: 23);
                await EndDayAsync();
            }

            await ChangeCertificateAsync(year);
            await growth.TakeAsync();
            await CheckAsync(year);
            _service = await _service.RestartAsync(Settings);
            var owner = Owner("Line1");
            Assert.That(owner.Read()!.Term, Is.GreaterThan(term), "Terms only grow, over restarts, too.");
            term = owner.Read()!.Term;
        }

        growth.MustBeFlat(mostMemory: 8 * Mebibyte, mostDisk: 24 * Mebibyte);
    }

    /// <summary>A takes over from B by its score, a session comes, A is lost.</summary>
    private async Task WorkAsync(string group, int day)
    {
        var owner = Owner(group);
        await BeatAsync(owner, "a", 50);
        await BeatAsync(owner, "b", 50);
        while (await BeatAsync(owner, "a", 100) != Role.Primary)
        {
            _service.Pass(VirtualService.Step);
            await BeatAsync(owner, "b", 50);
        }

        await owner.ChangeAsync(new RegisterSession(string.Create(CultureInfo.InvariantCulture, $"visitor{day}"), null, null), default);
        for (var time = TimeSpan.Zero; time < 2 * Timeout; time += Timeout / 4)
        {
            await BeatAsync(owner, "b", 50);
            _service.Pass(Timeout / 4);
        }

        Assert.That(await BeatAsync(owner, "b", 50), Is.EqualTo(Role.Primary), "The other was lost.");
    }

    /// <summary>Both are there, when the last look of the day is taken at all sessions.</summary>
    private async Task EndDayAsync()
    {
        foreach (var owner in new[] { Owner("Line1"), Owner("Line2") })
        {
            await BeatAsync(owner, "a", 50);
            await BeatAsync(owner, "b", 50);
        }

        await _service.HourAsync(() => UntilAsync(
            () => Owner("Line1").Read()!.Sessions.Count <= MostSessions && Owner("Line2").Read()!.Sessions.Count <= MostSessions, () => { }));
        await _service.WrittenAsync();
    }

    private static async Task<Role> BeatAsync(IGroupOwner owner, string session, float score)
    {
        var result = await owner.HeartbeatAsync(session, new HeartbeatReport(score, null, null), default);
        return result.Reply!.Value.Role;
    }

    private async Task ChangeCertificateAsync(int year)
    {
        var now = _service.Time.GetUtcNow();
        using var folder = new TemporaryDirectory();
        var thumbprint = CertificateFiles.Supply(folder, $"plant{year}", now.AddHours(-1), now.AddYears(2));
        File.Move(CertificateFiles.KeyOf(folder, $"plant{year}"), Path.Combine(_service.Directory, "Certificates", "Keys", $"plant{year}.key"));
        File.Move(folder.File("Certificates", $"plant{year}.crt"), Path.Combine(_service.Directory, "Certificates", $"plant{year}.crt"));
        if (year > 0)
        {
            File.Delete(Path.Combine(_service.Directory, "Certificates", $"plant{year - 1}.crt"));
            File.Delete(Path.Combine(_service.Directory, "Certificates", "Keys", $"plant{year - 1}.key"));
        }

        await UntilAsync(
            () => _service.Get<ServerCertificates>().Current.Certificate.Certificate.Thumbprint == thumbprint,
            () => _service.Time.Advance(CertificateWatch.Interval));
    }

    private async Task CheckAsync(int year)
    {
        // Who has not been heard of for 30 days is gone; the last ones are there, and those who are at work.
        var ids = Owner("Line1").Read()!.Sessions.Select(s => s.Id).ToList();
        Assert.That(ids, Does.Contain("a").And.Contain("b").And.Contain($"visitor{((year + 1) * DaysPerYear) - 1}"));
        Assert.That(ids, Has.Count.InRange(MostSessions - 4, MostSessions));
        var history = await _service.Get<IGroupStore>().ReadHistoryAsync(new GroupKey("default", "default", "Line1"), 0, 10_000, default);
        Assert.That(history.TotalCount, Is.EqualTo(HistoryPerGroup));
        Assert.That(_service.Size(AuditFolder.Name), Is.LessThan(Mebibyte));
        Assert.That(Directory.GetFiles(Path.Combine(_service.Directory, AuditFolder.Name)), Has.Length.LessThan(40));
        Assert.That(new FileInfo(Path.Combine(_service.Directory, DatabaseFile.FileName)).Length, Is.LessThan(Mebibyte));
        Assert.That(new FileInfo(Path.Combine(_service.Directory, DatabaseFile.FileName + "-wal")).Length, Is.LessThan(17 * Mebibyte), "The log is cut.");
    }

    /// <summary>Waits for what another thread does when the clock has moved.</summary>
    private static async Task UntilAsync(Func<bool> holds, Action move)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (!holds())
        {
            Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromMinutes(1)));
            move();
            await Task.Yield();
        }
    }

    private IGroupOwner Owner(string group) => _service.Groups.Find(new GroupKey("default", "default", group))!;
}
