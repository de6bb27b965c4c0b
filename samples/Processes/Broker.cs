using System.Net;
using System.Net.Sockets;

namespace ClientFailover.Samples.Processes;

/// <summary>Responsible for a mosquitto broker of our own: on a free port of this machine, open to everybody on it, without a file.</summary>
public sealed class Broker : IAsyncDisposable
{
    private static readonly string[] Places = ["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto", "/usr/bin/mosquitto", "/opt/homebrew/sbin/mosquitto"];
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(10);

    private readonly ChildProcess _process;

    private Broker(ChildProcess process, int port)
    {
        _process = process;
        Port = port;
    }

    /// <summary>Where it listens on this machine.</summary>
    public int Port { get; }

    /// <summary>Whether mosquitto is installed.</summary>
    public static bool IsInstalled => Array.Exists(Places, File.Exists);

    /// <summary>Starts it, and waits until it listens.</summary>
    /// <param name="directory">Where its configuration is written to.</param>
    /// <param name="port">Its port; 0: any free one.</param>
    /// <param name="cancellation">Gives it up.</param>
    /// <param name="settings">More lines of its configuration.</param>
    /// <returns>The broker.</returns>
    /// <exception cref="MissingProgramException">mosquitto is not installed.</exception>
    /// <exception cref="ProgramException">It did not start.</exception>
    public static async Task<Broker> StartAsync(string directory, int port, CancellationToken cancellation, params string[] settings)
    {
        var program = Array.Find(Places, File.Exists)
            ?? throw new MissingProgramException("mosquitto is not installed. Debian: apt-get install mosquitto");
        if (port == 0)
        {
            port = FreePort();
        }

        // As the user that it is started by, since it may read what that one may. Queues that hold minutes of the fast signals, and deliver them quickly; mosquitto's own limits are 1,000 and 20 messages.
        var configuration = Path.Combine(directory, $"mosquitto-{port}.conf");
        await File.WriteAllLinesAsync(
            configuration,
            [
                $"listener {port} 127.0.0.1", "allow_anonymous true", "persistence false", "log_dest stderr", "set_tcp_nodelay true",
                "max_queued_messages 100000", "max_inflight_messages 1000", $"user {Environment.UserName}", .. settings,
            ],
            cancellation);
        var (process, _) = await ChildProcess.StartAsync(
            program, ["-c", configuration], line => line.EndsWith("running", StringComparison.Ordinal) ? line : null, StartTimeout, cancellation);
        return new Broker(process, port);
    }

    /// <summary>Kills it.</summary>
    /// <returns>A task that ends when it is gone.</returns>
    public Task KillAsync() => _process.KillAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    // mosquitto cannot choose one itself; that another program takes it meanwhile shows at its start.
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
