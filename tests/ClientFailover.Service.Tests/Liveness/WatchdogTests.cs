using System.Net.Sockets;
using System.Threading.Channels;
using ClientFailover.Service.Liveness;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Liveness;

public sealed class WatchdogTests
{
    private static readonly WatchdogInterval Interval = new(TimeSpan.FromSeconds(30));

    private readonly FakeTimeProvider _time = new();
    private readonly Happenings _happenings = new();

    [Test]
    public async Task Execute_ThreadsGoOn_TellsThreeTimesAnInterval()
    {
        var pulses = new Pulses(_time);
        using var watchdog = await StartAsync(pulses);

        for (var i = 0; i < 3; i++)
        {
            _time.Advance(Interval.Between);
            Assert.That(await _happenings.NextAsync(), Is.EqualTo("WATCHDOG=1"));
        }

        await watchdog.StopAsync(CancellationToken.None);
    }

    [Test]
    public async Task Execute_ThreadIsStuck_IsSilentUntilItGoesOn()
    {
        var pulses = new Pulses(_time);
        var pulse = pulses.Add("deadlines", Interval.Between / 2);
        using var watchdog = await StartAsync(pulses);
        pulse.Beat();

        _time.Advance(Interval.Between);
        Assert.That(await _happenings.NextAsync(), Is.EqualTo("8301 deadlines: no progress for 00:00:10."));

        // Told once; and what comes next is not a word to systemd.
        _time.Advance(Interval.Between);
        pulse.Rest();
        _time.Advance(Interval.Between);
        Assert.That(await _happenings.NextAsync(), Is.EqualTo("8302 What was stuck goes on;"));
        Assert.That(await _happenings.NextAsync(), Is.EqualTo("WATCHDOG=1"));
        await watchdog.StopAsync(CancellationToken.None);
    }

    [Test]
    public async Task Execute_SystemdCannotBeTold_SaysSoOnceAndGoesOn()
    {
        using var watchdog = await StartAsync(new Pulses(_time));

        _happenings.Refusal = new SocketException((int)SocketError.ConnectionRefused);
        _time.Advance(Interval.Between);
        Assert.That(await _happenings.NextAsync(), Is.EqualTo("not told"));
        Assert.That(await _happenings.NextAsync(), Does.StartWith("8303 systemd cannot be told that the service is alive: "));
        _time.Advance(Interval.Between);
        Assert.That(await _happenings.NextAsync(), Is.EqualTo("not told"));
        _happenings.Refusal = null;
        _time.Advance(Interval.Between);
        Assert.That(await _happenings.NextAsync(), Is.EqualTo("WATCHDOG=1"));
        Assert.That(await _happenings.NextAsync(), Does.StartWith("8304 "));

        Assert.That(watchdog.ExecuteTask!.IsCompleted, Is.False);
        await watchdog.StopAsync(CancellationToken.None);
    }

    private async Task<Watchdog> StartAsync(Pulses pulses)
    {
        var watchdog = new Watchdog(pulses, _happenings, Interval, _time, _happenings);
        await watchdog.StartAsync(CancellationToken.None);
        Assert.That(await _happenings.NextAsync(), Does.StartWith("8300 "));
        Assert.That(await _happenings.NextAsync(), Is.EqualTo("WATCHDOG=1"));
        return watchdog;
    }

    /// <summary>What systemd and the log are told, in its order; of the log the first half sentence.</summary>
    private sealed class Happenings : ISystemdNotifier, ILogger<Watchdog>
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

        private readonly Channel<string> _told = Channel.CreateUnbounded<string>();

        public bool IsEnabled => true;

        public Exception? Refusal { get; set; }

        public async Task<string> NextAsync() => await _told.Reader.ReadAsync().AsTask().WaitAsync(Patience);

        public void Notify(ServiceState state)
        {
            _told.Writer.TryWrite(Refusal is null ? state.ToString()! : "not told");
            if (Refusal is { } refusal)
            {
                throw refusal;
            }
        }

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var text = formatter(state, exception);
            _told.Writer.TryWrite($"{eventId.Id} {text[..(text.IndexOfAny(['.', ';']) + 1)]}");
        }

        bool ILogger.IsEnabled(LogLevel logLevel) => true;

        IDisposable? ILogger.BeginScope<TState>(TState state) => null;
    }
}
