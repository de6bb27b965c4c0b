using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ClientFailover.Conformance.Running;
using NUnit.Framework;

namespace ClientFailover.Conformance.Telemetry;

/// <summary>Responsible for a Prometheus of its own on this machine; installs it once, where it may.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private const string Package = "prometheus";
    private const string Program = "/usr/bin/prometheus";
    private const string Tool = "/usr/bin/promtool";

    private readonly Process _process;
    private readonly HttpClient _client;
    private readonly Task<string> _output;

    private PrometheusServer(Process process, Uri address)
    {
        _process = process;
        _client = new HttpClient { BaseAddress = address, Timeout = RunningService.Patience };
        _output = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts it.</summary>
    /// <param name="configuration">Path of its configuration.</param>
    /// <param name="data">Where it keeps its data.</param>
    public static async Task<PrometheusServer> StartAsync(string configuration, string data)
    {
        await InstallAsync();
        var port = FreePort();
        var start = new ProcessStartInfo(
            Program,
            [$"--config.file={configuration}", $"--storage.tsdb.path={data}", $"--web.listen-address=127.0.0.1:{port}", "--log.level=warn"])
        {
            RedirectStandardError = true,
        };
        var server = new PrometheusServer(Process.Start(start)!, new Uri($"http://127.0.0.1:{port}/"));
        await UntilAsync(async () =>
        {
            Assert.That(server._process.HasExited, Is.False, () => $"Prometheus did not start:\n{server._output.Result}");
            try
            {
                using var ready = await server._client.GetAsync("-/ready");
                return ready.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
        return server;
    }

    /// <summary>Runs promtool.</summary>
    /// <param name="directory">Where.</param>
    /// <param name="arguments">What it is to do.</param>
    /// <returns>Its exit code and what it wrote.</returns>
    public static async Task<(int ExitCode, string Output)> RunToolAsync(string directory, params string[] arguments)
    {
        await InstallAsync();
        return await RunAsync(new ProcessStartInfo(Tool, arguments) { WorkingDirectory = directory });
    }

    /// <summary>Waits until a condition holds.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="what">What is waited for.</param>
    public static async Task UntilAsync(Func<Task<bool>> condition, Func<string>? what = null)
    {
        var clock = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!await condition())
        {
            Assert.That(clock.Elapsed, Is.LessThan(2 * RunningService.Patience), () => what?.Invoke() ?? "It does not come.");
            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>Evaluates an expression, now.</summary>
    /// <param name="expression">The expression.</param>
    /// <returns>The value of each series, and its labels.</returns>
    public async Task<IReadOnlyList<(JsonElement Labels, double Value)>> QueryAsync(string expression)
    {
        using var query = new FormUrlEncodedContent([new("query", expression)]);
        using var response = await _client.PostAsync("api/v1/query", query);
        var text = await response.Content.ReadAsStringAsync();
        Assert.That(response.IsSuccessStatusCode, Is.True, $"{expression}\n{text}");
        return
        [
            .. JsonDocument.Parse(text).RootElement.GetProperty("data").GetProperty("result").EnumerateArray().Select(r =>
                (r.GetProperty("metric"), double.Parse(r.GetProperty("value")[1].GetString()!.Replace("+Inf", "Infinity", StringComparison.Ordinal), CultureInfo.InvariantCulture))),
        ];
    }

    /// <summary>The alerts that fire now.</summary>
    public async Task<IReadOnlySet<string>> FiringAsync()
    {
        using var alerts = JsonDocument.Parse(await _client.GetStringAsync("api/v1/alerts"));
        return alerts.RootElement.GetProperty("data").GetProperty("alerts").EnumerateArray()
            .Where(a => a.GetProperty("state").GetString() == "firing")
            .Select(a => a.GetProperty("labels").GetProperty("alertname").GetString()!)
            .ToHashSet();
    }

    /// <summary>Every rule, with its health and its last error.</summary>
    public async Task<IReadOnlyList<(string Name, string Health, string Error)>> RulesAsync()
    {
        using var rules = JsonDocument.Parse(await _client.GetStringAsync("api/v1/rules"));
        return
        [
            .. rules.RootElement.GetProperty("data").GetProperty("groups").EnumerateArray().SelectMany(g => g.GetProperty("rules").EnumerateArray()).Select(r => (
                r.GetProperty("name").GetString()!,
                r.GetProperty("health").GetString()!,
                r.TryGetProperty("lastError", out var error) ? error.GetString()! : "")),
        ];
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _client.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task InstallAsync()
    {
        if (File.Exists(Program) && File.Exists(Tool))
        {
            return;
        }

        var mayInstall = OperatingSystem.IsLinux() && Environment.UserName == "root" && File.Exists("/usr/bin/apt-get");
        Assert.That(mayInstall, Is.True, $"Prometheus is missing. On Debian, as root: apt-get install {Package}");
        foreach (var arguments in new[] { "update", $"install --yes --no-install-recommends {Package}" })
        {
            var start = new ProcessStartInfo("apt-get", arguments);
            start.Environment["DEBIAN_FRONTEND"] = "noninteractive";

            // The package would start one of its own.
            start.Environment["RUNLEVEL"] = "1";
            var (exitCode, output) = await RunAsync(start);
            Assert.That(exitCode, Is.Zero, $"apt-get {arguments}:\n{output}");
        }
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(ProcessStartInfo start)
    {
        (start.RedirectStandardError, start.RedirectStandardOutput) = (true, true);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + errors);
    }
}
