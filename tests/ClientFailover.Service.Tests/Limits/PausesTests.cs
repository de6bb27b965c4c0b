using ClientFailover.Service.Limits;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Limits;

public sealed class PausesTests
{
    private readonly FakeTimeProvider _time = new();

    [TestCase(0, 100)]
    [TestCase(300, 300)]
    [TestCase(60_000, 1000)]
    public async Task TryTakeAsync_AnyWish_IsKeptWithinBounds(int wish, int expected)
    {
        var pauses = new Pauses(_time);
        var pause = pauses.TryTakeAsync(TimeSpan.FromMilliseconds(wish), default);

        _time.Advance(TimeSpan.FromMilliseconds(expected - 1));
        Assert.That((pause.IsCompleted, pauses.Waiting), Is.EqualTo((false, 1)));
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.That(await pause, Is.True);
        Assert.That(pauses.Waiting, Is.Zero);
    }

    [Test]
    public async Task TryTakeAsync_CallerHasGone_EndsAtOnce()
    {
        var pauses = new Pauses(_time);
        using var gone = new CancellationTokenSource();
        var pause = pauses.TryTakeAsync(Pauses.Longest, gone.Token);

        await gone.CancelAsync();

        Assert.That(await pause, Is.True);
        Assert.That(pauses.Waiting, Is.Zero);
    }

    [Test]
    public async Task TryTakeAsync_TooManyWait_IsRefusedAtOnce()
    {
        var pauses = new Pauses(_time);
        var waiting = Enumerable.Range(0, Pauses.Most).Select(_ => pauses.TryTakeAsync(Pauses.Longest, default)).ToList();

        Assert.That(await pauses.TryTakeAsync(Pauses.Shortest, default), Is.False);
        _time.Advance(Pauses.Longest);

        Assert.That(await Task.WhenAll(waiting), Is.All.True);
        Assert.That(pauses.Waiting, Is.Zero);
    }
}
