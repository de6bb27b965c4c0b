using ClientFailover.Service.Audit;
using ClientFailover.Service.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Audit;

public class AuditTrailTests
{
    private TemporaryDirectory _directory = null!;
    private RecordingLogger<AuditTrail> _log = null!;
    private FakeTimeProvider _time = null!;
    private AuditTrail _trail = null!;

    [SetUp]
    public void SetUp()
    {
        _directory = new TemporaryDirectory();
        _log = new RecordingLogger<AuditTrail>();
        _time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
        _trail = new AuditTrail(
            new AuditFolder(_directory.Path, new ServiceOptions(), _time), new LoggedAuditTrail(NullLoggerFactory.Instance), _time, _log);
    }

    [TearDown]
    public void TearDown()
    {
        _trail.Dispose();
        _directory.Dispose();
    }

    [Test]
    public async Task Stop_WithEntriesThatWait_WritesThemInOrder()
    {
        for (var i = 0; i < 1000; i++)
        {
            _trail.Record(Entry($"{i}"));
        }

        await _trail.StartAsync(CancellationToken.None);
        await _trail.StopAsync(CancellationToken.None);

        Assert.That(Lines().Select(l => l.Split("\"Target\":\"")[1].Split('"')[0]), Is.EqualTo(Enumerable.Range(0, 1000).Select(i => $"{i}")));
        Assert.That(_log.Entries, Is.Empty);
    }

    [Test]
    public async Task Record_DiskNotWritable_SaysSoOnceAndTellsWhatIsMissing()
    {
        await File.WriteAllTextAsync(_directory.File("audit"), "in the way");
        await _trail.StartAsync(CancellationToken.None);
        _trail.Record(Entry("lost 1"));
        Assert.That(() => _log.Entries.Count, Is.EqualTo(1).After(60_000, 1));
        _trail.Record(Entry("lost 2"));
        await Task.Yield();
        File.Delete(_directory.File("audit"));
        _trail.Record(Entry("lost or kept"));
        await _trail.StopAsync(CancellationToken.None);

        // When exactly it could be written again is up to the writer: all that matters is that nothing is missing without a word.
        var lines = Lines();
        var lost = int.Parse(lines[0].Split("\"Detail\":\"")[1].Split(' ')[0]);
        Assert.That(lines[0], Does.Contain("NOT_WRITTEN"));
        Assert.That(lost + lines.Length - 1, Is.EqualTo(3));
        Assert.That(_log.Entries.Select(e => (e.Level, e.Id)), Is.EqualTo(new[] { (LogLevel.Error, 3101), (LogLevel.Warning, 3102) }));
    }

    [Test]
    public async Task Record_MoreThanMayWait_CountsTheRest()
    {
        for (var i = 0; i < AuditTrail.Capacity + 5; i++)
        {
            _trail.Record(Entry("x"));
        }

        await _trail.StartAsync(CancellationToken.None);
        await _trail.StopAsync(CancellationToken.None);

        Assert.That(Lines()[0], Does.Contain("5 entries"));
        Assert.That(Lines(), Has.Length.EqualTo(AuditTrail.Capacity + 1));
    }

    [Test]
    public async Task Timer_NothingIsRecordedForLong_RemovesWhatIsTooOld()
    {
        await _trail.StartAsync(CancellationToken.None);
        _trail.Record(Entry("x"));
        await _trail.StopAsync(CancellationToken.None);

        PassHours(90 * 24);
        Assert.That(Lines(), Has.Length.EqualTo(1));
        PassHours(12);

        Assert.That(Directory.EnumerateFiles(_directory.File("audit")), Is.Empty);
    }

    private void PassHours(int count)
    {
        for (var hour = 0; hour < count; hour++)
        {
            _time.Advance(TimeSpan.FromHours(1));
        }
    }

    private static AuditEntry Entry(string target) => new("test", target, AuditEntry.Done, null, null);

    private string[] Lines() => File.ReadAllLines(_directory.File("audit", "audit-20261124.log"));
}
