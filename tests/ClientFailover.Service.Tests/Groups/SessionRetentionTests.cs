using ClientFailover.Engine;
using ClientFailover.Service.Audit;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Storage;
using ClientFailover.Service.Tests.Audit;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Groups;

/// <summary>Sessions that nobody hears from any more, in a group of A, which is Primary, B and C.</summary>
public sealed class SessionRetentionTests
{
    private OwnerBench _bench = null!;
    private IGroupOwner _owner = null!;
    private RecordingTrail _audit = null!;
    private RecordingLogger<SessionRetention> _log = null!;

    [SetUp]
    public async Task SetUpAsync()
    {
        _bench = new OwnerBench();
        _audit = new RecordingTrail();
        _log = new RecordingLogger<SessionRetention>();
        _owner = await _bench.GroupAsync("G", "A", "B", "C");
        await HearAsync("A", "B", "C");
    }

    [TearDown]
    public void TearDown() => _bench.Dispose();

    [Test]
    public async Task LookAsync_SilentForRetention_IsRemovedWithEventLogAndAudit()
    {
        using var retention = await StartAsync();
        await PassAsync(retention, days: 29, "A", "B");
        Assert.That(Ids(), Is.EqualTo(new[] { "A", "B", "C" }));

        await PassAsync(retention, days: 2, "A", "B");

        Assert.That(Ids(), Is.EqualTo(new[] { "A", "B" }));
        Assert.That(
            _bench.Store.Taken.SelectMany(w => w.Events).OfType<SessionUnregistered>().Select(e => (e.SessionId, e.Reason)),
            Is.EqualTo(new[] { ("C", Reason.SessionStale) }));
        Assert.That(_log.Entries.Select(e => (e.Id, e.Text)), Is.EqualTo(new[]
        {
            (8400, "Group default/default/G: session C is removed, as nobody has heard from it for 30 days (setting SessionRetention)."),
        }));
        Assert.That(_audit.Entries, Is.EqualTo(new[]
        {
            new AuditEntry("sessions.expire", "default/default/G/C", AuditEntry.Done, null, null, "not heard from for 30 days"),
        }));
    }

    [Test]
    public async Task LookAsync_HeardInBetween_CountsAnew()
    {
        using var retention = await StartAsync();
        await PassAsync(retention, days: 25, "A", "B");
        await HearAsync("C");

        await PassAsync(retention, days: 25, "A", "B");
        Assert.That(Ids(), Does.Contain("C"));
        await PassAsync(retention, days: 7, "A", "B");

        Assert.That(Ids(), Does.Not.Contain("C"));
    }

    [Test]
    public async Task LookAsync_NobodyIsHeard_AllStay()
    {
        using var retention = await StartAsync();

        await PassAsync(retention, days: 400);

        Assert.That(Ids(), Is.EqualTo(new[] { "A", "B", "C" }));
        Assert.That(_audit.Entries, Is.Empty);
    }

    [Test]
    public async Task LookAsync_OrderInForce_StaysUntilItEnds()
    {
        await _owner.ChangeAsync(new SetRoleOverride("C", RoleOverride.Secondary, null), default);
        using var retention = await StartAsync();
        await PassAsync(retention, days: 60, "A", "B");
        Assert.That(Ids(), Does.Contain("C"));

        await _owner.ChangeAsync(new SetRoleOverride("C", RoleOverride.Off, null), default);
        await PassAsync(retention, days: 1, "A", "B");

        Assert.That(Ids(), Is.EqualTo(new[] { "A", "B" }));
    }

    [Test]
    public async Task StartAsync_EarlierRunsHaveCounted_GoesOnFromThere()
    {
        _bench.Store.Silences = [new StoredSilence(OwnerBench.Key("g"), "c", TimeSpan.FromDays(28)), new StoredSilence(OwnerBench.Key("g"), "gone", TimeSpan.FromDays(90))];
        using var retention = await StartAsync();
        _bench.Pass(TimeSpan.FromSeconds(1));
        await HearAsync("A", "B");
        await PassAsync(retention, days: 1, "A", "B");
        Assert.That(Ids(), Does.Contain("C"));

        await PassAsync(retention, days: 2, "A", "B");

        Assert.That(Ids(), Is.EqualTo(new[] { "A", "B" }));
    }

    [Test]
    public async Task StartAsync_CountedAndThenHeard_IsForgotten()
    {
        _bench.Store.Silences = [new StoredSilence(OwnerBench.Key("G"), "C", TimeSpan.FromDays(29))];
        using var retention = await StartAsync();
        _bench.Pass(TimeSpan.FromSeconds(1));
        await HearAsync("C");

        await PassAsync(retention, days: 20, "A", "B");

        Assert.That(Ids(), Does.Contain("C"));
        Assert.That(_bench.Store.Taken.OfType<SilenceWrite>(), Is.Not.Empty, "What was stored is corrected.");
    }

    [Test]
    public async Task LookAsync_DiskIsFull_IsTriedAgain()
    {
        using var retention = await StartAsync();
        await PassAsync(retention, days: 29, "A", "B");
        _bench.Store.AnswersAtOnce = false;
        _bench.Time.Advance(TimeSpan.FromDays(2));
        _bench.Scheduler.RunDue();
        await HearNowAsync("A", "B");
        var look = retention.LookAsync(default);
        Assert.That(() => Refuse(look), Is.True.After(60_000, 1));
        Assert.That(async () => await look, Throws.TypeOf<StoreUnavailableException>());
        Assert.That(Ids(), Does.Contain("C"));

        _bench.Store.AnswersAtOnce = true;
        await PassAsync(retention, days: 1, "A", "B");

        Assert.That(Ids(), Is.EqualTo(new[] { "A", "B" }));
    }

    private bool Refuse(Task look)
    {
        _bench.Store.Answer(StoreOutcome.Refused);
        return look.IsCompleted;
    }

    private async Task<SessionRetention> StartAsync()
    {
        var retention = new SessionRetention(_bench.Directory, _bench.Store, _audit, new ServiceOptions(), _bench.Time, _log);
        await retention.StartAsync(default);

        // Looked at by the test from here on, not by the clock.
        await retention.StopAsync(default);
        return retention;
    }

    /// <summary>Days pass, a look at the end of each.</summary>
    private async Task PassAsync(SessionRetention retention, int days, params string[] heard)
    {
        for (var day = 0; day < days; day++)
        {
            _bench.Time.Advance(TimeSpan.FromDays(1));
            _bench.Scheduler.RunDue();
            await HearAsync(heard);
            await retention.LookAsync(default);
        }
    }

    /// <summary>The others are lost meanwhile.</summary>
    private async Task HearAsync(params string[] sessions)
    {
        for (var beats = 0; beats < 3; beats++)
        {
            await HearNowAsync(sessions);
            _bench.Pass(OwnerBench.FailoverTimeout / 2);
        }

        await HearNowAsync(sessions);
    }

    private async Task HearNowAsync(params string[] sessions)
    {
        foreach (var session in sessions)
        {
            await OwnerBench.BeatAsync(_owner, session);
        }
    }

    private IEnumerable<string> Ids() => _owner.Read()!.Sessions.Select(s => s.Id);
}
