using Serilog.Core;
using Serilog.Extensions.Logging;

namespace ClientFailover.Service.Logging;

/// <summary>
/// Responsible for one place where the log goes: takes what the framework's filters let through to Serilog. Each output is a
/// provider of its own, so that the settings can give it levels of its own, and a line that no output wants costs nothing but
/// the question.
/// </summary>
internal abstract class LogOutput : ILoggerProvider
{
    // Two outputs, and the stop of the service leaves a second or two for closing what is open.
    private static readonly TimeSpan LongestClose = TimeSpan.FromSeconds(1);

    private readonly Logger _pipeline;
    private readonly SerilogLoggerProvider _categories;

    /// <summary>An output.</summary>
    /// <param name="pipeline">Where lines go; it is disposed of with the output.</param>
    protected LogOutput(Logger pipeline)
    {
        _pipeline = pipeline;
        _categories = new SerilogLoggerProvider(pipeline);
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Category(_categories.CreateLogger(categoryName));

    /// <summary>Writes what waits, for a second at most: a console that nobody reads does not keep the process.</summary>
    public void Dispose() => Task.Factory.StartNew(
        _pipeline.Dispose, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Wait(LongestClose);

    /// <summary>A category without scopes: no line shows them, and the framework opens one for each request, heartbeats included.</summary>
    private sealed class Category(ILogger lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => lines.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Log(logLevel, eventId, state, exception, formatter);
    }
}
