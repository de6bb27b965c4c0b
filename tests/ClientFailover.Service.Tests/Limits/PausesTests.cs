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
    public async Task TakeAsync_AnyWish_IsKeptWithinBounds(int wish, int expected)
    {
        var pauses = new Pauses(_time);
        var pause = pauses.TakeAsync(TimeSpan.FromMilliseconds(wish), default);

        _time.Advance(TimeSpan.FromMilliseconds(expected - 1));
        Assert.That((pause.IsCompleted, pauses.Waiting), Is.EqualTo((false, 1)));
        _time.Advance(TimeSpan.FromMilliseconds(1));

        await pause;
        Assert.That(pauses.Waiting, Is.Zero);
    }

    [Test]
    public async Task TakeAsync_CallerHasGone_EndsAtOnce()
    {
        var pauses = new Pauses(_time);
        using var gone = new CancellationTokenSource();
        var pause = pauses.TakeAsync(Pauses.Longest, gone.Token);

        await gone.CancelAsync();

        await pause;
        Assert.That(pauses.Waiting, Is.Zero);
    }

    [Test]
    public async Task TakeAsync_TooManyWait_DoesNotWait()
    {
        var pauses = new Pauses(_time);
        var waiting = Enumerable.Range(0, Pauses.Most).Select(_ => pauses.TakeAsync(Pauses.Longest, default)).ToList();

        Assert.That(pauses.TakeAsync(Pauses.Shortest, default).IsCompleted, Is.True);
        _time.Advance(Pauses.Longest);

        await Task.WhenAll(waiting);
        Assert.That(pauses.Waiting, Is.Zero);
    }
}
