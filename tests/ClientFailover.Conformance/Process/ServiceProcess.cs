using System.Diagnostics;
using System.Net.Http.Headers;
using System.Reflection;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Grpc.Net.Client;
using NUnit.Framework;

namespace ClientFailover.Conformance.Process;

/// <summary>
/// Responsible for one running service: the real executable, on a free port, with a data directory of its own.
/// </summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private const string Announcement = "Client Failover listens on https://";

    // Generous: the machine may be busy with everything else that is built and tested at the same time.
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly System.Diagnostics.Process _process;
    private readonly string _data;
    private readonly bool _ownsData;
    private readonly StringBuilder _log = new();
    private readonly TaskCompletionSource<int> _port = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IReadOnlyList<Account> _accounts = [];
    private string _thumbprint = "";

    private ServiceProcess(string? data, string[] settings)
    {
        _ownsData = data is null;
        _data = data ?? Path.Combine(Path.GetTempPath(), "client-failover-" + Guid.NewGuid().ToString("N"));
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[ServicePath, "--Port", "0", "--Address", "127.0.0.1", "--DataDirectory", _data, .. settings])
        {
            start.ArgumentList.Add(argument);
        }

        _process = new System.Diagnostics.Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Exited += (_, _) => _port.TrySetException(new InvalidOperationException("The service ended."));
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; private set; } = new("https://localhost");

    /// <summary>Everything it has printed.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    private static string ServicePath { get; } = Path.GetFullPath(
        typeof(ServiceProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "ServicePath").Value!);

    /// <summary>Starts a service.</summary>
    /// <param name="settings">Settings, as on its command line.</param>
    /// <returns>The service, ready.</returns>
    public static Task<ServiceProcess> StartAsync(params string[] settings) => StartAsync(data: null, settings);

    /// <summary>Starts a service on the data of another one that has ended.</summary>
    /// <param name="ended">That one.</param>
    /// <param name="settings">Settings, as on its command line.</param>
    /// <returns>The service, ready.</returns>
    public static Task<ServiceProcess> RestartAsync(ServiceProcess ended, params string[] settings) => StartAsync(ended._data, settings);

    /// <summary>Makes a client that trusts this service only.</summary>
    /// <param name="role">The role of its account; null: it has none.</param>
    /// <returns>The client.</returns>
    public HttpClient CreateClient(string? role) => CreateClient(role, CreateHandler());

    /// <summary>Makes a gRPC channel that trusts this service only.</summary>
    /// <param name="role">The role of its account; null: it has none.</param>
    /// <param name="wrap">What goes between channel and network; null: nothing.</param>
    /// <returns>The channel.</returns>
    public GrpcChannel CreateChannel(string? role, Func<HttpMessageHandler, HttpMessageHandler>? wrap = null)
    {
        HttpMessageHandler handler = CreateHandler();
        return GrpcChannel.ForAddress(
            Address, new GrpcChannelOptions { HttpClient = CreateClient(role, wrap?.Invoke(handler) ?? handler), DisposeHttpClient = true });
    }

    /// <summary>Ends the process at once, as a power cut would.</summary>
    /// <returns>Completes when it has ended.</returns>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
        if (_ownsData)
        {
            Directory.Delete(_data, recursive: true);
        }
    }

    private static async Task<ServiceProcess> StartAsync(string? data, string[] settings)
    {
        var service = new ServiceProcess(data, settings);
        service._process.Start();
        service._process.BeginOutputReadLine();
        service._process.BeginErrorReadLine();
        try
        {
            var port = await service._port.Task.WaitAsync(StartLimit);
            service.Address = new Uri($"https://127.0.0.1:{port}");
            await service.ReadSecretsAsync();
            return service;
        }
        catch (Exception)
        {
            await TestContext.Out.WriteLineAsync(service.Log);
            await service.DisposeAsync();
            throw;
        }
    }

    private SocketsHttpHandler CreateHandler()
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, EnableMultipleHttp2Connections = true };
        handler.SslOptions.RemoteCertificateValidationCallback =
            (_, certificate, _, _) => certificate is X509Certificate2 shown && shown.Thumbprint == _thumbprint;
        return handler;
    }

    private HttpClient CreateClient(string? role, HttpMessageHandler handler)
    {
        var client = new HttpClient(handler) { BaseAddress = Address };
        if (role is not null)
        {
            var account = _accounts.Single(a => a.Role == role);
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{account.Name}:{account.Password}")));
        }

        return client;
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_log)
        {
            _log.AppendLine(line);
        }

        var at = line.IndexOf(Announcement, StringComparison.Ordinal);
        if (at >= 0)
        {
            _port.TrySetResult(new Uri(line[(at + Announcement.Length - "https://".Length)..].Split(' ')[0]).Port);
        }
    }

    private async Task ReadSecretsAsync()
    {
        var accounts = await File.ReadAllTextAsync(Path.Combine(_data, "initial-accounts.json"));
        _accounts = JsonSerializer.Deserialize<Account[]>(accounts)!;
        using var certificate = X509Certificate2.CreateFromPem(
            await File.ReadAllTextAsync(Directory.EnumerateFiles(Path.Combine(_data, "Certificates"), "*.crt").Single()));
        _thumbprint = certificate.Thumbprint;
    }
}
