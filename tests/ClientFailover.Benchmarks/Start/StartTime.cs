using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ClientFailover.Benchmarks.Processes;
using ClientFailover.Benchmarks.Reports;

namespace ClientFailover.Benchmarks.Start;

/// <summary>
/// From the start of the process to its first answer over TLS, to a caller with credentials, on a directory that an
/// earlier run has made; and the working set at rest after that.
/// </summary>
internal sealed class StartTime : IBenchmark
{
    private const double StartTarget = 1000;
    private const double WorkingSetTarget = 110;
    private const double MiB = 1024 * 1024;
    private const int Runs = 7;

    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public string Name => "start";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Measurement>> RunAsync(ServiceLauncher service)
    {
        using var directory = new DataDirectory();
        var port = FreePort();
        var starts = new List<double>();
        var processors = new List<double>();
        var workingSets = new List<double>();

        // The first run makes the accounts and the certificate, and warms the disk and the client: it does not count.
        for (var run = 0; run <= Runs; run++)
        {
            var (time, processor, workingSet) = await StartOnceAsync(service, directory, port);
            starts.Add(time.TotalMilliseconds);
            processors.Add(processor.TotalMilliseconds);
            workingSets.Add(workingSet / MiB);
        }

        return
        [
            new($"start to first answer, median of {Runs}", new Distribution(starts.Skip(1)).Median, "ms", Target.Maximum(StartTarget)),
            new("processor time until then", new Distribution(processors.Skip(1)).Median, "ms"),
            new("start to first answer, the very first start", starts[0], "ms"),
            new("idle working set", new Distribution(workingSets.Skip(1)).Median, "MiB", Target.Maximum(WorkingSetTarget)),
        ];
    }

    private static async Task<(TimeSpan Time, TimeSpan Processor, long WorkingSet)> StartOnceAsync(ServiceLauncher service, DataDirectory directory, int port)
    {
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => directory.IsCertificate(certificate);
        using var client = new HttpClient(handler) { BaseAddress = new Uri($"https://127.0.0.1:{port}") };
        var start = Stopwatch.GetTimestamp();
        using var process = ChildProcess.Start(service.Executable, ["--Port", $"{port}", "--DataDirectory", directory.Path]);
        process.DiscardOutput();
        while (!await IsAnsweredAsync(client, directory))
        {
            await Task.Delay(Retry);
        }

        var (time, processor) = (Stopwatch.GetElapsedTime(start), process.ProcessorTime);
        await Task.Delay(Rest);
        return (time, processor, process.WorkingSet);
    }

    private static async Task<bool> IsAnsweredAsync(HttpClient client, DataDirectory directory)
    {
        if (!directory.HasAccounts)
        {
            return false;
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/clientfailover");
        request.Headers.Add("Authorization", directory.ReadAuthorization());
        try
        {
            using var response = await client.SendAsync(request);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            // Not listening yet.
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
