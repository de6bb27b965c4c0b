using System.Net;
using ClientFailover.Service.Audit;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Audit;

public class RefusalSummaryTests
{
    private RecordingTrail _trail = null!;
    private FakeTimeProvider _time = null!;
    private RefusalSummary _summary = null!;

    [SetUp]
    public void SetUp()
    {
        _trail = new RecordingTrail();
        _time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
        _summary = new RefusalSummary(_trail, _time);
    }

    [TearDown]
    public void TearDown() => _summary.Dispose();

    [Test]
    public void Record_Alike_IsOneEntryAndASum()
    {
        for (var i = 0; i < 1000; i++)
        {
            _summary.Record(Refusal("mallory", 1) with { Target = $"group{i}" }, isVerified: false);
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.That(_trail.Entries.Single().Target, Is.EqualTo("group0"));
        _time.Advance(RefusalSummary.Window);

        Assert.That(_trail.Entries, Has.Count.EqualTo(2));
        Assert.That(_trail.Entries[1].Detail, Is.EqualTo("999 more like this, the last at 2026-11-24T12:00:00.9990000Z"));
        Assert.That((_trail.Entries[1].Who, _trail.Entries[1].Target), Is.EqualTo(("mallory", "-")));
    }

    [Test]
    public void Record_OnceInAWindow_HasNoSum()
    {
        _summary.Record(Refusal("mallory", 1), isVerified: false);
        _time.Advance(RefusalSummary.Window);
        _summary.Record(Refusal("mallory", 1), isVerified: false);
        _time.Advance(RefusalSummary.Window);

        Assert.That(_trail.Entries, Is.EqualTo(new[] { Refusal("mallory", 1), Refusal("mallory", 1) }));
    }

    [Test]
    public void Record_OneAddressWithEndlessNames_LeavesRoomForOthers()
    {
        for (var i = 0; i < 10_000; i++)
        {
            _summary.Record(Refusal($"name{i}", 1), isVerified: false);
        }

        _summary.Record(Refusal("somebody", 2), isVerified: false);
        _time.Advance(RefusalSummary.Window);

        Assert.That(_trail.Entries, Has.Count.EqualTo(RefusalCounts.PerSource + 2));
        Assert.That(_trail.Entries[^2].Who, Is.EqualTo("somebody"));
        Assert.That(_trail.Entries[^1].Detail, Does.StartWith($"{10_000 - RefusalCounts.PerSource} more"));
    }

    [Test]
    public void Record_ManyAddresses_StaysBounded()
    {
        for (var i = 0; i < 10_000; i++)
        {
            _summary.Record(Refusal("name", i), isVerified: false);
        }

        _time.Advance(RefusalSummary.Window);

        Assert.That(_trail.Entries, Has.Count.EqualTo(RefusalCounts.Capacity + RefusalCounts.MostSources + 1));
    }

    [Test]
    public void Record_VerifiedCallerAfterManyInventedNames_IsRecordedWithWhoAndFrom()
    {
        for (var i = 0; i < 200; i++)
        {
            _summary.Record(Refusal($"name{i}", i % 5), isVerified: false);
        }

        _summary.Record(Refusal("adapter", 1), isVerified: true);

        Assert.That(_trail.Entries, Has.Count.EqualTo(RefusalCounts.Capacity + 1));
        Assert.That(_trail.Entries[^1], Is.EqualTo(Refusal("adapter", 1)));
    }

    [Test]
    public void Record_VerifiedCallersWithEndlessKinds_AreEachCountedWithWhoAndFrom()
    {
        string[] callers = ["a", "b", "c", "d", "e", "last"];
        foreach (var caller in callers)
        {
            for (var i = 0; i < 50; i++)
            {
                _summary.Record(Refusal(caller, 1) with { Result = $"REASON_{i}" }, isVerified: true);
            }
        }

        _time.Advance(RefusalSummary.Window);

        Assert.That(_trail.Entries, Has.Count.EqualTo(RefusalCounts.Capacity + callers.Length));
        var last = _trail.Entries[^1];
        Assert.That((last.Who, last.From, last.Scheme, last.Result), Is.EqualTo(("last", new IPAddress(1), "Basic", "REFUSED")));
        Assert.That(last.Detail, Is.EqualTo("50 more of other kinds, the last at 2026-11-24T12:00:00.0000000Z"));
    }

    [Test]
    public void Record_VerifiedCallerFromEndlessNetworks_IsStillNamed()
    {
        for (var i = 0; i < 10_000; i++)
        {
            _summary.Record(Refusal("adapter", i), isVerified: true);
        }

        _summary.Record(Refusal("other", 1), isVerified: true);
        _time.Advance(RefusalSummary.Window);

        Assert.That(_trail.Entries.Select(e => e.Who), Is.EquivalentTo(Enumerable.Repeat("adapter", RefusalCounts.Capacity + RefusalCounts.MostSources + 1).Append("other")));
    }

    [Test]
    public void Record_InventedNamesBeyondTheRoomOfTheirAddress_AreCountedWithFrom()
    {
        for (var i = 0; i < 30; i++)
        {
            _summary.Record(Refusal($"name{i}", 1), isVerified: false);
        }

        _time.Advance(RefusalSummary.Window);

        var sum = _trail.Entries[^1];
        Assert.That((sum.Who, sum.From), Is.EqualTo(((string?)null, new IPAddress(1))));
        Assert.That(sum.Detail, Does.StartWith("10 more of other kinds or callers"));
    }

    [Test]
    public async Task Stop_WithWhatIsCounted_SumsItUp()
    {
        _summary.Record(Refusal("mallory", 1), isVerified: false);
        _summary.Record(Refusal("mallory", 1), isVerified: false);

        await _summary.StopAsync(CancellationToken.None);

        Assert.That(_trail.Entries[^1].Detail, Does.StartWith("1 more like this"));
    }

    private static AuditEntry Refusal(string who, int address) =>
        new("GroupService.DeleteGroup", "default/default/G", "ROLE_MISSING", who, new IPAddress(address), null, null, "Basic");
}
