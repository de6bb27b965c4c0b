using ClientFailover.Service.Logging;
using Microsoft.Extensions.Logging;
using NUnit.Framework;
using Serilog.Core;
using Serilog.Events;

namespace ClientFailover.Service.Tests.Logging;

public sealed class LogQueueTests
{
    [Test]
    public void Write_OutputThatHangs_HoldsNobodyUpAndTellsWhatWasLeftOut()
    {
        const int capacity = 10;
        var log = new RecordingLogger<LogOutput>();
        using var hanging = new HangingSink();
        using (var pipeline = LogQueue.Create("console", to => to.Sink(hanging), () => log, capacity))
        {
            pipeline.Information("taken");
            hanging.Taken.Wait();
            for (var i = 0; i < capacity + 7; i++)
            {
                pipeline.Information("line");
            }

            Assert.That(log.Entries, Is.Empty);
            hanging.Release.Set();
        }

        Assert.That(hanging.Count, Is.EqualTo(1 + capacity));
        Assert.That(log.Entries, Is.EqualTo(new[]
        {
            (LogLevel.Warning, 8102, "7 lines of the log were left out of the console: they came faster than it takes them"),
        }));
    }

    [Test]
    public void Dispose_OutputThatHangs_IsNotWaitedForLong()
    {
        using var hanging = new HangingSink();
        var output = new HangingOutput(hanging);
        output.CreateLogger("c").Log(LogLevel.Information, default, "line", null, (s, _) => s);
        hanging.Taken.Wait();

        output.Dispose();

        Assert.That(hanging.Release.IsSet, Is.False, "It hangs still.");
        hanging.Release.Set();
    }

    private sealed class HangingOutput(HangingSink sink)
        : LogOutput(LogQueue.Create("console", to => to.Sink(sink), () => new RecordingLogger<LogOutput>()));

    /// <summary>As a console that nobody reads.</summary>
    private sealed class HangingSink : ILogEventSink, IDisposable
    {
        public ManualResetEventSlim Taken { get; } = new();

        public ManualResetEventSlim Release { get; } = new();

        public int Count { get; private set; }

        public void Emit(LogEvent logEvent)
        {
            Taken.Set();
            Release.Wait();
            Count++;
        }

        public void Dispose()
        {
            // Not the events: the writer may still hold them.
        }
    }
}
