using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ClientFailover.Installation.Tests.Running;
using NUnit.Framework;

namespace ClientFailover.Installation.Tests.Systemd;

/// <summary>What the published service tells systemd.</summary>
public sealed class NotifyTests
{
    private readonly TemporaryFolder _folder = new();
    private readonly NotifySocket _socket = new();

    [OneTimeTearDown]
    public void TearDown()
    {
        _socket.Dispose();
        _folder.Dispose();
    }

    [Test]
    public async Task Notify_FromStartToStop_ReadyWhenItAnswersThenAliveThenStopping()
    {
        var port = FreePort();
        using var process = await StartAsync(_socket, _folder.File("data"), port, watchdog: TimeSpan.FromMilliseconds(300));
        try
        {
            var before = await _socket.UntilAsync("READY=1");
            using var live = await AskAsync(port);
            var alive = new[] { await _socket.NextAsync(), await _socket.NextAsync(), await _socket.NextAsync() };
            await Shell.RunAsync("kill", "-TERM", $"{process.Id}");
            var clock = Stopwatch.StartNew();
            var until = await _socket.UntilAsync("STOPPING=1");
            await process.WaitForExitAsync().WaitAsync(Shell.Patience);

            Assert.That(live.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(before, Has.All.EqualTo("WATCHDOG=1"));
            Assert.That(alive, Has.All.EqualTo("WATCHDOG=1"));
            Assert.That(until, Has.All.EqualTo("WATCHDOG=1"));
            Assert.That(process.ExitCode, Is.Zero);
            Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(10)));
        }
        finally
        {
            process.Kill();
        }
    }

    [Test]
    public async Task Notify_NobodyWatches_TellsReadyAndStoppingOnly()
    {
        using var folder = new TemporaryFolder();
        using var socket = new NotifySocket();
        using var process = await StartAsync(socket, folder.File("data"), FreePort(), watchdog: null);
        try
        {
            var first = await socket.NextAsync();
            await Shell.RunAsync("kill", "-TERM", $"{process.Id}");
            var second = await socket.NextAsync();
            await process.WaitForExitAsync().WaitAsync(Shell.Patience);

            Assert.That((first, second, process.ExitCode), Is.EqualTo(("READY=1", "STOPPING=1", 0)));
        }
        finally
        {
            process.Kill();
        }
    }

    private static async Task<Process> StartAsync(NotifySocket socket, string data, int port, TimeSpan? watchdog)
    {
        var executable = Path.Combine(await PublishedService.ForLinuxAsync(), "ClientFailover.Service");
        var start = new ProcessStartInfo(executable, ["--DataDirectory", data, "--Address", "127.0.0.1", "--Port", $"{port}", "--Logging:LogLevel:Default", "None"]);
        start.Environment["NOTIFY_SOCKET"] = socket.Path;
        if (watchdog is { } interval)
        {
            start.Environment["WATCHDOG_USEC"] = $"{interval.TotalMicroseconds:0}";
        }

        return Process.Start(start)!;
    }

    private static async Task<HttpResponseMessage> AskAsync(int port)
    {
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null;
        using var client = new HttpClient(handler);
        return await client.GetAsync(new Uri($"https://127.0.0.1:{port}/healthz/live"));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
