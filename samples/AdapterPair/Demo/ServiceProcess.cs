using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ClientFailover.Samples.AdapterPair.Demo;

/// <summary>Responsible for a service of the demo's own: on a free port, with new data, known by what it says and writes.</summary>
internal sealed partial class ServiceProcess : IAsyncDisposable
{
    private const int RememberedLines = 20;
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);

    private readonly Queue<string> _lastLines = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _data;
    private readonly ChildProcess _process;

    private ServiceProcess(string directory, TimeSpan failoverTimeout)
    {
        _data = Path.Combine(directory, "data");
        var minimum = failoverTimeout.ToString("c", CultureInfo.InvariantCulture);
        _process = new ChildProcess(
            ["service", directory, "--Port", "0", "--DataDirectory", _data, "--MinimumFailoverTimeout", minimum], Hear);
    }

    /// <summary>Where it listens.</summary>
    public Uri Address => _address.Task.Result;

    /// <summary>Its generated certificate.</summary>
    public string CertificateFile => Directory.GetFiles(Path.Combine(_data, "Certificates"), "*.crt").Single();

    /// <summary>Throws when it has ended by itself; never completes otherwise.</summary>
    public async Task EndedAsync()
    {
        await _process.Exited;
        throw new DemoException($"The service ended. Its last words:\n{LastLines()}");
    }

    /// <summary>Starts it, and waits until it listens.</summary>
    public static async Task<ServiceProcess> StartAsync(
        string directory, TimeSpan failoverTimeout, CancellationToken cancellation)
    {
        var service = new ServiceProcess(directory, failoverTimeout);
        try
        {
            await await Task.WhenAny(service._address.Task, service.EndedAsync()).WaitAsync(StartTimeout, cancellation);
            return service;
        }
        catch (Exception exception)
        {
            await service.DisposeAsync();
            throw exception is TimeoutException
                ? new DemoException($"The service did not start. Its last words:\n{service.LastLines()}")
                : exception;
        }
    }

    /// <summary>The account that the service made for adapters at its first start.</summary>
    public async Task<(string Name, string Password)> AdapterAccountAsync()
    {
        await using var file = File.OpenRead(Path.Combine(_data, "initial-accounts.json"));
        var accounts = await JsonSerializer.DeserializeAsync<InitialAccount[]>(file);
        var account = accounts!.Single(account => account.Role == "AVEVAFailoverUsers");
        return (account.Name, account.Password);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private void Hear(string line)
    {
        lock (_lastLines)
        {
            _lastLines.Enqueue(line);
            if (_lastLines.Count > RememberedLines)
            {
                _lastLines.Dequeue();
            }
        }

        if (ListensOn.Match(line) is { Success: true } match)
        {
            // It listens on every address; its certificate and this demo are for this machine.
            _address.TrySetResult(new UriBuilder(match.Value) { Host = "localhost" }.Uri);
        }
    }

    private string LastLines()
    {
        lock (_lastLines)
        {
            return string.Join('\n', _lastLines);
        }
    }

    [GeneratedRegex(@"(?<=Client Failover listens on )https://\S+:\d+")]
    private static partial Regex ListensOn { get; }

    private sealed record InitialAccount(string Name, string Password, string Role);
}
