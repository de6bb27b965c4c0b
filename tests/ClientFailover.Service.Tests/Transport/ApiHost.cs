using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ClientFailover.Service.Audit;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Identity;
using ClientFailover.Service.Tests.Identity;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClientFailover.Service.Tests.Transport;

/// <summary>
/// The service in this process, composed as its executable composes it, on free ports of the loopback. Beside its own
/// schemes it knows <see cref="TestScheme"/>, by which a test is whomever it says.
/// </summary>
internal sealed class ApiHost : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryDirectory _directory = new();
    private readonly DataDirectory _data;
    private readonly List<IDisposable> _clients = [];

    private ApiHost(string[] settings)
    {
        var hasher = TestHasher.Create();
        var read = SettingsReader.Read(
            ["--DataDirectory", _directory.Path, "--Address", "127.0.0.1", "--Port", "0", "--CleartextGrpcPort", "0", "--MaxRequestsPerSecondPerCaller", "0", "--FailedHeartbeatsAtOnce", "0", .. settings], _directory.Path);
        if (read.Mistakes.Count > 0)
        {
            throw new ArgumentException(string.Join('\n', read.Mistakes), nameof(settings));
        }

        _data = DataDirectory.Open(_directory.Path);
        UserFile.Write(
            _data.File(UserFile.Name),
            [
                new UserAccount("adapter", hasher.HashPassword(null!, "a"), Roles.Users),
                new UserAccount("admin", hasher.HashPassword(null!, "b"), Roles.Administrators),
            ]);

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.AddFailoverService(read, _data);
        builder.Logging.ClearProviders().AddProvider(new ListeningLog());
        builder.Services.AddSingleton(hasher);
        builder.Services.AddSingleton<IAuditTrail>(Audit);
        TestScheme.Add(builder.Services);
        App = builder.Build();
        App.MapFailoverService();
    }

    public WebApplication App { get; }

    public RecordingAudit Audit { get; } = new();

    /// <summary>Every endpoint there is.</summary>
    public IEnumerable<RouteEndpoint> Endpoints => ((IEndpointRouteBuilder)App).DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>();

    private Uri Address =>
        new(App.Services.GetRequiredService<Listeners>().Addresses.Single(a => a.Remark.Contains("HTTP/2", StringComparison.Ordinal)).Address);

    public static async Task<ApiHost> StartAsync(params string[] settings)
    {
        var host = new ApiHost([.. settings, "--MinimumFailoverTimeout", "00:00:00.2", "--MinimumHeartbeatInterval", "0", "--MinimumHoldTime", "00:00:00"]);
        await host.App.StartAsync();
        return host;
    }

    /// <summary>A client of REST; addresses are relative to the server's root.</summary>
    public HttpClient Rest(AuthenticationHeaderValue? credentials)
    {
        var client = new HttpClient
        {
            BaseAddress = Address,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = Patience,
        };
        client.DefaultRequestHeaders.Authorization = credentials;
        _clients.Add(client);
        return client;
    }

    /// <summary>A client of gRPC.</summary>
    public RawGrpc Grpc(AuthenticationHeaderValue? credentials)
    {
        var channel = GrpcChannel.ForAddress(Address, new GrpcChannelOptions { HttpClient = Rest(credentials) });
        _clients.Add(channel);
        return new RawGrpc(channel.CreateCallInvoker());
    }

    public static AuthenticationHeaderValue Basic(string name, string password) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password}")));

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(c => c.Dispose());
        await App.StopAsync();
        await App.DisposeAsync();
        _data.Dispose();
        _directory.Dispose();
    }
}

/// <summary>Keeps what was recorded.</summary>
internal sealed class RecordingAudit : IAuditTrail
{
    public System.Collections.Concurrent.ConcurrentQueue<AuditEntry> Entries { get; } = new();

    public void Record(AuditEntry entry) => Entries.Enqueue(entry);
}
