using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ClientFailover.Conformance.Running;

namespace ClientFailover.Conformance.Rest;

/// <summary>Responsible for REST calls just as they are written: no path is put right, no header is added.</summary>
/// <param name="service">The service.</param>
/// <param name="credentials">The Authorization header; null: the caller does not say who it is.</param>
internal sealed class RestClient(RunningService service, AuthenticationHeaderValue? credentials) : IDisposable
{
    /// <summary>The on-premises base.</summary>
    public const string Base = "/api/v1/clientfailover";

    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly HttpClient _http = service.OpenHttp(credentials);

    /// <summary>GET.</summary>
    /// <param name="path">Relative to the base, or from <c>/api</c> on.</param>
    /// <returns>The reply.</returns>
    public Task<Reply> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    /// <summary>DELETE.</summary>
    /// <param name="path">Relative to the base, or from <c>/api</c> on.</param>
    /// <returns>The reply.</returns>
    public Task<Reply> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path);

    /// <summary>POST of JSON.</summary>
    /// <param name="path">Relative to the base, or from <c>/api</c> on.</param>
    /// <param name="json">The body.</param>
    /// <returns>The reply.</returns>
    public Task<Reply> PostAsync(string path, string json) => SendAsync(HttpMethod.Post, path, Json(json));

    /// <summary>Any call.</summary>
    /// <param name="method">Method.</param>
    /// <param name="path">Relative to the base, or from <c>/api</c> on.</param>
    /// <param name="content">The body.</param>
    /// <param name="version">Version of HTTP; null: 1.1.</param>
    /// <returns>The reply.</returns>
    public async Task<Reply> SendAsync(HttpMethod method, string path, HttpContent? content = null, Version? version = null)
    {
        using var request = new HttpRequestMessage(method, AddressOf(path))
        {
            Content = content,
            Version = version ?? HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        var response = await _http.SendAsync(request);
        return new Reply(response.StatusCode, await response.Content.ReadAsStringAsync(), response);
    }

    /// <summary>GET of a stream of lines.</summary>
    /// <param name="path">Relative to the base, or from <c>/api</c> on.</param>
    /// <returns>The lines.</returns>
    public async Task<LineStream> StreamAsync(string path) =>
        new(await _http.GetAsync(AddressOf(path), HttpCompletionOption.ResponseHeadersRead));

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    /// <summary>A body of JSON.</summary>
    /// <param name="json">The JSON.</param>
    /// <returns>The body, declared as adapters do.</returns>
    public static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    private Uri AddressOf(string path)
    {
        var full = path.StartsWith("/api", StringComparison.OrdinalIgnoreCase) ? path
            : path.Length == 0 || path.StartsWith('?') ? Base + path : $"{Base}/{path}";
        return new Uri(service.Tls.GetLeftPart(UriPartial.Authority) + full, AsWritten);
    }
}
