using System.Net;
using ClientFailover.Service.Identity.Basic;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Identity.Basic;

public sealed class HashingQueueTests
{
    private static readonly IPAddress Here = IPAddress.Parse("192.0.2.1");

    private HashingQueue _queue = null!;

    [SetUp]
    public void SetUp() => _queue = new HashingQueue(slots: 1);

    [Test]
    public void Leave_OthersCameFirst_TheKnownIsNext()
    {
        var running = Enter("A", isKnown: false);
        var stranger = Enter("B", isKnown: false);
        var first = Enter("C", isKnown: true);
        var second = Enter("D", isKnown: true);
        Assert.That(Begun(running, stranger, first, second), Is.EqualTo(new[] { true, false, false, false }));

        _queue.Leave(running);
        Assert.That(Begun(stranger, first, second), Is.EqualTo(new[] { false, true, false }));
        _queue.Leave(first);
        Assert.That(Begun(stranger, second), Is.EqualTo(new[] { false, true }));
        _queue.Leave(second);

        Assert.That(Begun(stranger), Is.EqualTo(new[] { true }));
    }

    [Test]
    public void TryEnter_ManyOfOneKnownName_WaitWithTheOthersAndAreBoundedAsThey()
    {
        var turns = Enumerable.Range(0, 60).Select(_ => _queue.TryEnter("A", Here, isKnown: true, out bool _)).OfType<HashingTurn>().ToList();

        Assert.That(turns.Count(t => t.IsKnown), Is.EqualTo(HashingQueue.LongestPerKnownName));
        Assert.That(turns.Count(t => !t.IsKnown), Is.EqualTo(HashingQueue.LongestPerAddress));
        Assert.That(_queue.TryEnter("B", Here, isKnown: false, out var isCrowded), Is.Null);
        Assert.That(isCrowded, Is.True);
        Assert.That(_queue.TryEnter("B", Here, isKnown: true, out isCrowded), Is.Not.Null);
    }

    [Test]
    public void TryEnter_MoreKnownThanMayWait_IsRefusedUntilOneLeaves()
    {
        var turns = Enumerable.Range(0, HashingQueue.LongestKnown).Select(i => Enter($"{i}", isKnown: true)).ToList();
        var others = Enumerable.Range(0, HashingQueue.LongestPerAddress).Select(i => Enter($"{i}", isKnown: false)).ToList();

        Assert.That(_queue.TryEnter("A", Here, isKnown: true, out _), Is.Null);
        _queue.Leave(turns[0]);

        Assert.That(_queue.TryEnter("A", Here, isKnown: true, out _)?.IsKnown, Is.True);
        Assert.That(Begun([.. others]), Is.All.False);
    }

    [Test]
    public void Leave_All_NextBeginsAtOnce()
    {
        _queue.Leave(Enter("A", isKnown: true));
        _queue.Leave(Enter("A", isKnown: false));

        Assert.That(Begun(Enter("A", isKnown: false)), Is.EqualTo(new[] { true }));
    }

    private static bool[] Begun(params HashingTurn[] turns) => [.. turns.Select(t => t.Begun.IsCompleted)];

    private HashingTurn Enter(string name, bool isKnown) =>
        _queue.TryEnter(name, Here, isKnown, out _) ?? throw new AssertionException(name);
}
