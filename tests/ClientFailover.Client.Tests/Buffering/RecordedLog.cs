using System.Collections.Concurrent;
using ClientFailover.Client.Buffering;
using Microsoft.Extensions.Logging;

namespace ClientFailover.Client.Tests.Buffering;

/// <summary>Keeps what the buffer logged.</summary>
internal sealed class RecordedLog : ILogger<HotBuffer>
{
    private readonly ConcurrentQueue<(LogLevel Level, int Id, string Text)> _entries = new();

    public IReadOnlyCollection<(LogLevel Level, int Id, string Text)> Entries => _entries;

    public IReadOnlyList<string> Texts(int id) => [.. _entries.Where(e => e.Id == id).Select(e => e.Text)];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _entries.Enqueue((logLevel, eventId.Id, formatter(state, exception)));
}
