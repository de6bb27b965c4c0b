using ClientFailover.Service.Health;
using ClientFailover.Service.Health.Omf;
using ClientFailover.Service.Health.Sending;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Health;

public sealed class BacklogTests
{
    private readonly List<int> _dropped = [];
    private Backlog _backlog = null!;

    [SetUp]
    public void SetUp()
    {
        _dropped.Clear();
        _backlog = new Backlog(s => _dropped.Add(s.Time.Second + (60 * s.Time.Minute)));
    }

    [Test]
    public void Add_MoreThanThereIsRoomFor_KeepsTheNewest()
    {
        for (var i = 0; i < Backlog.Capacity + 3; i++)
        {
            _backlog.Add(Sample(i));
        }

        Assert.That(_dropped, Is.EqualTo(new[] { 0, 1, 2 }));
        Assert.That(Taken(), Is.EqualTo(Enumerable.Range(3, Backlog.Capacity)));
        Assert.That(_backlog.Take(), Is.Null);
    }

    [Test]
    public void Return_Older_GoBeforeAndTheOldestGiveWay()
    {
        _backlog.Add(Sample(100));

        _backlog.Return([.. Enumerable.Range(0, Backlog.Capacity).Select(Sample)]);

        Assert.That(_dropped, Is.EqualTo(new[] { 0 }));
        Assert.That(Taken(), Is.EqualTo(Enumerable.Range(1, Backlog.Capacity - 1).Append(100)));
    }

    [Test]
    public async Task WaitAsync_SomethingNewOrWoken_Ends()
    {
        var added = _backlog.WaitAsync(default);
        Assert.That(added.IsCompleted, Is.False);
        _backlog.Add(Sample(1));
        await added.WaitAsync(TimeSpan.FromSeconds(60));

        _backlog.Wake();
        _backlog.Wake();
        await _backlog.WaitAsync(default).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.That(_backlog.WaitAsync(default).IsCompleted, Is.False, "Two calls wake once.");
    }

    private static HealthSample Sample(int number) => new(new DateTime(2026, 11, 30, 0, 0, 0, DateTimeKind.Utc).AddSeconds(number), new OmfMessage(OmfKind.Data, [.. "[]"u8]));

    private IEnumerable<int> Taken()
    {
        while (_backlog.Take() is { } sample)
        {
            yield return sample.Time.Second + (60 * sample.Time.Minute);
        }
    }
}
