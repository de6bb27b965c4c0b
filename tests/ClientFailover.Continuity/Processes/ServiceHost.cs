using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using ClientFailover.Conformance.Running;

namespace ClientFailover.Continuity.Processes;

/// <summary>Responsible for the service: the real executable with its default settings, which may be killed and started again.</summary>
internal sealed class ServiceHost : IAsyncDisposable
{
    private const string Base = "api/v1/clientfailover";

    private readonly DataFolder _folder = DataFolder.Create();
    private RunningService _service = null!;
    private HttpClient _administrator = null!;
    private volatile IPEndPoint _address = new(IPAddress.Loopback, 0);

    private ServiceHost()
    {
    }

    /// <summary>Where it listens, over TLS; a restart changes it.</summary>
    public IPEndPoint Address => _address;

    /// <summary>The account of the adapters.</summary>
    public Account User => _service.User;

    /// <summary>Its certificate.</summary>
    public string CertificateFile => Directory.GetFiles(Path.Combine(_folder.Path, "Certificates"), "*.crt").Single();

    /// <summary>All that it wrote since it was last started.</summary>
    public string Output => _service.Output;

    /// <summary>Starts one.</summary>
    public static async Task<ServiceHost> CreateAsync()
    {
        var host = new ServiceHost();
        await host.StartAsync();
        return host;
    }

    /// <summary>The address for an adapter that goes through a port of the bench.</summary>
    public static Uri EndpointAt(int port) => new(string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{port}/{Base}"));

    /// <summary>Starts it (again), on the data that it had.</summary>
    public async Task StartAsync()
    {
        _service = await RunningService.StartAsync(_folder.Path);
        Guard.Add(_service.ProcessId);
        _administrator = _service.OpenHttp(_service.Administrator.Header);
        _address = new IPEndPoint(IPAddress.Loopback, _service.Tls.Port);
    }

    /// <summary>Ends it as a crash does.</summary>
    public async Task KillAsync()
    {
        await _service.KillAsync();
        Guard.Remove(_service.ProcessId);
        _administrator.Dispose();
        await _service.DisposeAsync();
    }

    /// <summary>The sessions of a group.</summary>
    public async Task<IReadOnlyList<SessionView>> SessionsAsync(string group)
    {
        using var reply = await _administrator.GetAsync(new Uri($"{Base}/groups/{group}/clientsessions", UriKind.Relative));
        return reply.StatusCode == HttpStatusCode.NotFound ? [] : (await reply.Content.ReadFromJsonAsync<SessionView[]>())!;
    }

    /// <summary>The history of a group, oldest first.</summary>
    public async Task<IReadOnlyList<EventView>> EventsAsync(string group)
    {
        var events = await _administrator.GetFromJsonAsync<EventView[]>(new Uri($"{Base}/groups/{group}/events?count=1000", UriKind.Relative));
        return [.. events!.Reverse()];
    }

    /// <summary>Orders an adapter to be Primary.</summary>
    public Task OrderPrimaryAsync(string group, string session) => SendAsync(
        HttpMethod.Post, $"groups/{group}/clientsessions/{session}/roleoverride", """{"Value":"Primary","ExpirationPeriod":"08:00:00"}""");

    /// <summary>Deletes the session of an adapter.</summary>
    public Task DeleteAsync(string group, string session) => SendAsync(HttpMethod.Delete, $"groups/{group}/clientsessions/{session}", null);

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _folder.Dispose();
    }

    private async Task SendAsync(HttpMethod method, string path, string? body)
    {
        using var request = new HttpRequestMessage(method, $"{Base}/{path}")
        {
            Content = body is null ? null : new StringContent(body, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")),
        };
        using var reply = await _administrator.SendAsync(request);
        if (!reply.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{method} {path}: {(int)reply.StatusCode} {await reply.Content.ReadAsStringAsync()}");
        }
    }
}

/// <summary>A session as the service shows it.</summary>
internal sealed record SessionView(string Id, int Role, HeartbeatView? Heartbeat);

/// <summary>The last heartbeat of a session.</summary>
internal sealed record HeartbeatView(float FailoverScore, DateTime HeartbeatTime);

/// <summary>An event of a group's history.</summary>
internal sealed record EventView(DateTime Time, long Term, string? SessionId, int? OldRole, int? NewRole, string Reason);
