using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;

namespace ClientFailover.Continuity.Adapters.Field;

/// <summary>What a heartbeat was answered; null time: the reply named none.</summary>
internal sealed record FieldReply(int Role, DateTime? LastDataProcessedTime);

/// <summary>Responsible for the calls of an adapter of the field, byte for byte.</summary>
internal sealed class FieldWire : IDisposable
{
    private static readonly string[] RoleNames = ["Secondary", "Primary", "PendingPrimary"];

    private readonly AdapterSettings _settings;
    private readonly HttpClient _http;
    private readonly X509Certificate2 _certificate;
    private readonly string _session;

    public FieldWire(AdapterSettings settings)
    {
        _settings = settings;
        _certificate = X509CertificateLoader.LoadCertificateFromFile(settings.CertificateFile);
        var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { _certificate },
            RevocationMode = X509RevocationMode.NoCheck,
        };
        _http = new HttpClient(handler) { BaseAddress = new Uri($"{settings.Endpoint}/"), Timeout = TimeSpan.FromSeconds(30) };
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{settings.UserName}:{settings.Password}"));
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", credentials);
        _http.DefaultRequestHeaders.Add("X-Requested-With", "XMLHttpRequest");
        _session = $"groups/{settings.Group}/clientsessions/{settings.Name}";
    }

    /// <summary>Registers group and session.</summary>
    /// <returns>The timeout that counts: that of a group which exists, else the configured one.</returns>
    public async Task<TimeSpan> RegisterAsync(CancellationToken cancellation)
    {
        var timeout = _settings.FailoverTimeout;
        var span = timeout.ToString("c", CultureInfo.InvariantCulture);
        using var group = await PostAsync("groups/", $$"""{"Id":"{{_settings.Group}}","FailoverTimeout":"{{span}}"}""", cancellation);
        if (group.StatusCode == HttpStatusCode.Conflict)
        {
            using var existing = JsonDocument.Parse(await _http.GetStringAsync($"groups/{_settings.Group}", cancellation));
            timeout = TimeSpan.Parse(existing.RootElement.GetProperty("FailoverTimeout").GetString()!, CultureInfo.InvariantCulture);
        }
        else
        {
            group.EnsureSuccessStatusCode();
        }

        // The id is <Machine>.<Service>, the name <Machine> <Service>.
        using var session = await PostAsync(
            $"groups/{_settings.Group}/clientsessions", $$"""{"Id":"{{_settings.Name}}","Name":"{{_settings.Name.Replace('.', ' ')}}"}""", cancellation);
        session.EnsureSuccessStatusCode();
        return timeout;
    }

    /// <summary>Sends one heartbeat.</summary>
    /// <returns>The reply; null: the service does not know the session.</returns>
    public async Task<FieldReply?> BeatAsync(float score, DateTime lastDataProcessed, CancellationToken cancellation)
    {
        // The default has no zone, everything else is UTC.
        var time = JsonSerializer.Serialize(lastDataProcessed);
        using var response = await PostAsync(
            $"{_session}/heartbeat",
            $$"""{"FailoverScore":{{score.ToString(CultureInfo.InvariantCulture)}},"LastDataProcessedTime":{{time}}}""",
            cancellation);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        response.EnsureSuccessStatusCode();
        using var reply = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellation));
        var role = reply.RootElement.GetProperty("Role");
        return new FieldReply(
            role.ValueKind == JsonValueKind.Number ? role.GetInt32() : Array.IndexOf(RoleNames, role.GetString()),
            // A null here is no time, and the whole reply is lost by it.
            reply.RootElement.TryGetProperty("LastDataProcessedTime", out var processed)
                ? DateTime.Parse(processed.GetString() ?? throw new JsonException("null is no time."), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind)
                : null);
    }

    /// <summary>Leaves the group.</summary>
    public async Task LeaveAsync(CancellationToken cancellation)
    {
        using var response = await _http.DeleteAsync(_session, cancellation);
        response.EnsureSuccessStatusCode();
    }

    public void Dispose()
    {
        _http.Dispose();
        _certificate.Dispose();
    }

    private Task<HttpResponseMessage> PostAsync(string path, string body, CancellationToken cancellation) =>
        _http.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"), cancellation);
}
