using Serilog;
using Serilog.Configuration;
using Serilog.Core;
using Serilog.Events;
using Serilog.Sinks.Async;
using ILogger = Microsoft.Extensions.Logging.ILogger;

namespace ClientFailover.Service.Logging;

/// <summary>
/// Responsible for nobody waiting for an output: lines go to it over a queue, one thread writes them as they come, and those
/// for which there is no room are left out and counted. A disk or a console that hangs must not hold up the roles that are told
/// after it.
/// </summary>
internal sealed partial class LogQueue : ILogEventSink, IAsyncLogEventSinkMonitor
{
    private const int Capacity = 20_000;

    private readonly string _output;
    private readonly Func<ILogger> _log;
    private IAsyncLogEventSinkInspector? _queue;
    private long _told;

    private LogQueue(string output, Func<ILogger> log) => (_output, _log) = (output, log);

    /// <summary>Makes what takes lines for an output.</summary>
    /// <param name="output">Its name, for people.</param>
    /// <param name="target">What writes them.</param>
    /// <param name="log">Where it is told that lines were left out.</param>
    /// <param name="capacity">How many may wait.</param>
    /// <returns>The pipeline: disposing of it writes what waits.</returns>
    public static Logger Create(string output, Action<LoggerSinkConfiguration> target, Func<ILogger> log, int capacity = Capacity)
    {
        var queue = new LogQueue(output, log);

        // The framework's filters have decided already.
        return new LoggerConfiguration().MinimumLevel.Verbose()
            .WriteTo.Async(
                sinks =>
                {
                    target(sinks);
                    sinks.Sink(queue);
                },
                capacity,
                blockWhenFull: false,
                queue)
            .CreateLogger();
    }

    /// <inheritdoc/>
    public void StartMonitoring(IAsyncLogEventSinkInspector inspector) => _queue = inspector;

    /// <inheritdoc/>
    public void StopMonitoring(IAsyncLogEventSinkInspector inspector) => _queue = null;

    /// <summary>A line was written. When none waits any more, there is room for telling how many were left out.</summary>
    /// <param name="logEvent">The line.</param>
    public void Emit(LogEvent logEvent)
    {
        if (_queue is { Count: 0 } queue && queue.DroppedMessagesCount - _told is > 0 and var lost)
        {
            _told += lost;
            LogLeftOut(_log(), lost, _output);
        }
    }

    [LoggerMessage(8102, LogLevel.Warning, "{Count} lines of the log were left out of the {Output}: they came faster than it takes them")]
    private static partial void LogLeftOut(ILogger log, long count, string output);
}
