using System.Text.Json;

namespace ClientFailover.Conformance.Rest;

/// <summary>Responsible for reading a reply that comes line by line.</summary>
/// <param name="response">The reply.</param>
internal sealed class LineStream(HttpResponseMessage response) : IDisposable
{
    // Only reached by a test that is about to fail.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private StreamReader? _reader;

    /// <summary>The reply.</summary>
    public HttpResponseMessage Response => response;

    /// <summary>The next line.</summary>
    /// <returns>The line.</returns>
    public async Task<string> ReadAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        _reader ??= new StreamReader(await response.Content.ReadAsStreamAsync(limit.Token));
        return await _reader.ReadLineAsync(limit.Token) ?? throw new EndOfStreamException("The stream ended.");
    }

    /// <summary>Reads until a line is as it is awaited.</summary>
    /// <param name="awaited">Whether it is.</param>
    /// <returns>The line as JSON.</returns>
    public async Task<JsonElement> ReadUntilAsync(Func<JsonElement, bool> awaited)
    {
        while (true)
        {
            var line = JsonDocument.Parse(await ReadAsync()).RootElement;
            if (awaited(line))
            {
                return line;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader?.Dispose();
        response.Dispose();
    }
}
