using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;

namespace ClientFailover.Samples.Omf;

/// <summary>Responsible for one OMF request: its headers, its compression and its answer.</summary>
internal sealed class OmfConnection : IDisposable
{
    /// <summary>Below it compression saves no packet.</summary>
    private const int WorthCompressing = 1400;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(3);

    private readonly HttpClient _client;
    private readonly Uri _endpoint;

    public OmfConnection(OmfOptions options)
    {
        _endpoint = options.Endpoint ?? throw new ArgumentException("Omf:Endpoint is missing.", nameof(options));

        // A redirected POST may go on as a GET without its body: the page of a login would be taken for the endpoint's thanks.
        _client = new HttpClient(new SocketsHttpHandler { ConnectTimeout = ConnectTimeout, AllowAutoRedirect = false }) { Timeout = options.Timeout };

        var headers = _client.DefaultRequestHeaders;
        headers.Add("messageformat", "json");
        headers.Add("omfversion", "1.2");
        headers.Add("action", "create");

        // PI Web API refuses requests without it, to keep web pages of others out.
        headers.Add("X-Requested-With", "XMLHttpRequest");
        if (options.UserName is not null)
        {
            var credentials = Encoding.UTF8.GetBytes($"{options.UserName}:{options.Password}");
            headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(credentials));
        }

        if (options.AdapterName is not null)
        {
            headers.Add("adapter-name", options.AdapterName);
        }
    }

    public async Task<OmfAnswer> PostAsync(string messageType, byte[] body, CancellationToken cancellation)
    {
        var compressed = body.Length < WorthCompressing ? null : Compress(body);
        using var request = new HttpRequestMessage(HttpMethod.Post, _endpoint)
        {
            Content = new ByteArrayContent(compressed ?? body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        request.Headers.Add("messagetype", messageType);
        if (compressed is not null)
        {
            request.Headers.Add("compression", "gzip");
        }

        using var response = await _client.SendAsync(request, cancellation);
        return await OmfAnswer.ReadAsync(response, TimeProvider.System, cancellation);
    }

    public void Dispose() => _client.Dispose();

    /// <returns>Null: it came out no smaller.</returns>
    private static byte[]? Compress(byte[] body)
    {
        using var result = new MemoryStream();
        using (var gzip = new GZipStream(result, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(body);
        }

        return result.Length < body.Length ? result.ToArray() : null;
    }
}
