using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;

namespace ClientFailover.Samples.Tests.Omf;

/// <summary>A sender of OMF messages that says exactly what a test wants, right or wrong.</summary>
internal sealed class OmfSender(Uri receiver) : IDisposable
{
    public const string Type = """
        [{ "id": "T", "type": "object", "classification": "dynamic", "properties": {
            "Timestamp": { "type": "string", "format": "date-time", "isindex": true },
            "Value": { "type": "number", "format": "float64" },
            "Sequence": { "type": "integer", "format": "int64" } } }]
        """;

    private readonly HttpClient _client = new() { BaseAddress = receiver };

    public Dictionary<string, string> Headers { get; } = new()
    {
        ["messageformat"] = "json",
        ["omfversion"] = "1.2",
        ["action"] = "create",
    };

    public Task<HttpStatusCode> SendAsync(string type, string body) => SendAsync(type, Encoding.UTF8.GetBytes(body));

    public async Task<HttpStatusCode> SendAsync(string type, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "omf") { Content = new ByteArrayContent(body) };
        request.Headers.Add("messagetype", type);
        foreach (var (name, value) in Headers)
        {
            request.Headers.Add(name, value);
        }

        using var response = await _client.SendAsync(request);
        return response.StatusCode;
    }

    /// <summary>Creates the type T and containers of it.</summary>
    public async Task PrepareAsync(params string[] containers)
    {
        await SendAsync("type", Type);
        await SendAsync("container", JsonSerializer.Serialize(containers.Select(id => new { id, typeid = "T" })));
    }

    public async Task<JsonElement> GetAsync(string path)
    {
        await using var stream = await _client.GetStreamAsync(path);
        return (await JsonDocument.ParseAsync(stream)).RootElement;
    }

    public static string Values(string container, params IEnumerable<int> sequences) => JsonSerializer.Serialize(new[]
    {
        new { containerid = container, values = sequences.Select(n => new { Timestamp = TimeOf(n), Value = n / 2.0, Sequence = n }) },
    });

    public static DateTime TimeOf(int sequence) => new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddMilliseconds(10 * sequence);

    public static byte[] Gzip(string text)
    {
        using var result = new MemoryStream();
        using (var gzip = new GZipStream(result, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return result.ToArray();
    }

    public void Dispose() => _client.Dispose();
}
