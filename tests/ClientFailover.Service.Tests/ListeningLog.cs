using Microsoft.Extensions.Logging;

namespace ClientFailover.Service.Tests;

/// <summary>Where a log goes that nobody reads: without any, every level would be off.</summary>
internal sealed class ListeningLog : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
    }

    public void Dispose()
    {
    }
}
