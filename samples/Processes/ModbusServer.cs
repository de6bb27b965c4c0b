using System.Diagnostics;
using System.Globalization;

namespace ClientFailover.Samples.Processes;

/// <summary>Responsible for a Modbus server of our own: pymodbus, on a free port of this machine.</summary>
public sealed class ModbusServer : IAsyncDisposable
{
    private const string Announcement = "Modbus server listens on 127.0.0.1:";
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(20);

    // Debian's first: it is the one that has Debian's packages.
    private static readonly string[] Pythons = ["/usr/bin/python3", "python3"];

    private readonly ChildProcess _process;

    private ModbusServer(ChildProcess process, int port)
    {
        _process = process;
        Port = port;
    }

    /// <summary>Where it listens on this machine.</summary>
    public int Port { get; }

    /// <summary>Whether Python with pymodbus is installed.</summary>
    public static bool IsInstalled => Python() is not null;

    /// <summary>Starts it, and waits until it listens.</summary>
    /// <param name="port">Its port; 0: any free one.</param>
    /// <param name="cancellation">Gives it up.</param>
    /// <returns>The server.</returns>
    /// <exception cref="MissingProgramException">pymodbus is not installed.</exception>
    /// <exception cref="ProgramException">It did not start.</exception>
    public static async Task<ModbusServer> StartAsync(int port, CancellationToken cancellation)
    {
        var python = Python()
            ?? throw new MissingProgramException("pymodbus is not installed. Debian: apt-get install python3-pymodbus python3-serial-asyncio");
        var script = Path.Combine(OwnPrograms.DirectoryOf("samples/ModbusAdapter"), "modbus-server.py");
        var (process, told) = await ChildProcess.StartAsync(
            python,
            [script, $"{port}"],
            line => line.StartsWith(Announcement, StringComparison.Ordinal) ? line[Announcement.Length..] : null,
            StartTimeout,
            cancellation);
        return new ModbusServer(process, int.Parse(told, CultureInfo.InvariantCulture));
    }

    /// <summary>Kills it.</summary>
    /// <returns>A task that ends when it is gone.</returns>
    public Task KillAsync() => _process.KillAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static string? Python() => Array.Find(Pythons, HasModbus);

    private static bool HasModbus(string python)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(python, ["-c", "import pymodbus.server.async_io"]) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
