using System.Globalization;
using System.Net;
using System.Text;
using ClientFailover.Continuity.Plant;

namespace ClientFailover.Continuity.Adapters;

/// <summary>A value on its way to the destination.</summary>
internal readonly record struct OmfValue(string Stream, DateTimeOffset Time, long Sequence);

/// <summary>Responsible for the way to the destination: OMF 1.2 over HTTP, type and containers before the first data.</summary>
internal sealed class OmfSender(AdapterSettings settings) : IDisposable
{
    // The destination's limit is 192 KiB, and a value takes about 100 bytes.
    private const int MostValues = 1000;

    private const string TypeMessage = """
        [{"id":"Tick","type":"object","classification":"dynamic","properties":{"Timestamp":{"type":"string","format":"date-time","isindex":true},"Sequence":{"type":"integer","format":"int64"}}}]
        """;

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
    {
        BaseAddress = settings.Destination,
        Timeout = TimeSpan.FromSeconds(5),
    };

    private bool _isPrepared;
    private long _lastSent;

    /// <summary>Sends values; ends when the destination has them for good.</summary>
    /// <exception cref="HttpRequestException">The destination did not take them.</exception>
    public async Task SendAsync(IReadOnlyList<OmfValue> values, CancellationToken cancellation)
    {
        if (settings.EgressInterval.TotalMilliseconds - (Environment.TickCount64 - _lastSent) is > 0 and var wait)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(wait), cancellation);
        }

        if (!_isPrepared)
        {
            var containers = string.Join(',', Signal.StreamsOf(settings.Group).Select(stream => $$"""{"id":"{{stream}}","typeid":"Tick"}"""));
            await PostAsync("type", TypeMessage, cancellation);
            await PostAsync("container", $"[{containers}]", cancellation);
            _isPrepared = true;
        }

        for (var at = 0; at < values.Count; at += MostValues)
        {
            await PostAsync("data", ToJson(values.Skip(at).Take(MostValues)), cancellation);
        }

        _lastSent = Environment.TickCount64;
    }

    public void Dispose() => _http.Dispose();

    private static string ToJson(IEnumerable<OmfValue> values)
    {
        var text = new StringBuilder("[");
        foreach (var stream in values.GroupBy(value => value.Stream))
        {
            text.Append(text.Length > 1 ? "," : "").Append(CultureInfo.InvariantCulture, $$"""{"containerid":"{{stream.Key}}","values":[""");
            var separator = "";
            foreach (var value in stream)
            {
                text.Append(separator).Append(
                    CultureInfo.InvariantCulture,
                    $$"""{"Timestamp":"{{value.Time.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffffffZ}}","Sequence":{{value.Sequence}}}""");
                separator = ",";
            }

            text.Append("]}");
        }

        return text.Append(']').ToString();
    }

    private async Task PostAsync(string messageType, string body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "omf") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("messagetype", messageType);
        request.Headers.Add("messageformat", "json");
        request.Headers.Add("omfversion", "1.2");
        request.Headers.Add("action", "create");
        request.Headers.Add("adapter-name", settings.Name);
        using var response = await _http.SendAsync(request, cancellation);
        if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.NoContent))
        {
            throw new HttpRequestException($"The destination answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellation)}");
        }
    }
}
