using ClientFailover.Service.Maintenance.Checks;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Maintenance;

public sealed class ClockCheckTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    private Clocks _time = null!;

    [SetUp]
    public void SetUp() => _time = new Clocks(Now);

    [Test]
    public void Run_ClocksGoTogether_IsOk() =>
        Assert.That(Run(_time.Advance), Is.EqualTo(new[] { (CheckLevel.Ok, "It shows 2026-11-30 12:00:00Z, and nothing that was kept is later.") }));

    [Test]
    public void Run_WallClockIsSetMeanwhile_IsToldByHowMuch() =>
        Assert.That(
            Run(time =>
            {
                _time.Advance(time);
                _time.SetBack += TimeSpan.FromSeconds(3);
            }).First(),
            Is.EqualTo((CheckLevel.Warning, "The wall clock was moved by -3000 ms while it was looked at.")));

    [Test]
    public void Run_MonotonicClockStandsStill_IsAnError() =>
        Assert.That(Run(_ => { }).First(), Is.EqualTo((CheckLevel.Error, "The monotonic clock stands still.")));

    [Test]
    public void Run_HistoryIsLater_IsAnError() =>
        Assert.That(
            Run(_time.Advance, Now.UtcDateTime.AddDays(3)).Single(),
            Is.EqualTo((CheckLevel.Error, "It shows 2026-11-30 12:00:00Z, but the history has an entry of 2026-12-03 12:00:00Z.")));

    [Test]
    public void Run_YearThatCannotBe_IsAnError()
    {
        _time = new Clocks(new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero));

        Assert.That(Run(_time.Advance).Single().Level, Is.EqualTo(CheckLevel.Error));
    }

    private List<(CheckLevel Level, string Text)> Run(Action<TimeSpan> pause, DateTime? newest = null) =>
        [.. ClockCheck.Run(_time, pause, new DatabaseFacts { NewestEntry = newest }).Select(r => (r.Level, r.Text))];

    /// <summary>A wall clock that can be set without the monotonic one.</summary>
    private sealed class Clocks(DateTimeOffset start) : FakeTimeProvider(start)
    {
        public TimeSpan SetBack { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() - SetBack;

        public override long GetTimestamp() => base.GetUtcNow().Ticks;
    }
}
