using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ClientFailover.Client.Tests.Connection;

/// <summary>Remembers what was logged, at every level and with exceptions in full.</summary>
internal sealed class RecordingLog : ILoggerFactory, ILogger
{
    private readonly Changes _changes = new();

    public ConcurrentQueue<(LogLevel Level, int Id, string Text)> Entries { get; } = new();

    public string Text => string.Join('\n', Entries.Select(e => e.Text));

    public int Count(int id) => Entries.Count(e => e.Id == id);

    /// <summary>Waits until it was logged.</summary>
    public Task LoggedAsync(int id) => _changes.UntilAsync(() => Count(id) > 0);

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        Entries.Enqueue((logLevel, eventId.Id, $"{formatter(state, exception)} {exception}"));
        _changes.Tell();
    }

    public void Dispose()
    {
    }
}
