namespace ClientFailover.Samples.Processes;

/// <summary>Responsible for a process of the OMF receiver of the samples.</summary>
public sealed class Receiver : IAsyncDisposable
{
    private const string Announcement = "OMF receiver listens on ";
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);

    private readonly ChildProcess _process;

    private Receiver(ChildProcess process, Uri address)
    {
        _process = process;
        Address = address;
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Where data is sent to.</summary>
    public Uri Omf => new(Address, "omf");

    /// <summary>Starts it, and waits until it listens.</summary>
    /// <param name="database">Its database.</param>
    /// <param name="port">Its port; 0: any free one.</param>
    /// <param name="cancellation">Gives it up.</param>
    /// <param name="options">More of its options: "--UserName", "x" ...</param>
    /// <returns>The receiver.</returns>
    /// <exception cref="ProgramException">It did not start.</exception>
    public static async Task<Receiver> StartAsync(string database, int port, CancellationToken cancellation, params string[] options)
    {
        var (process, address) = await ChildProcess.StartAsync(
            OwnPrograms.Host,
            OwnPrograms.Start("samples/OmfReceiver", ["--Port", $"{port}", "--Database", database, .. options]),
            line => line.StartsWith(Announcement, StringComparison.Ordinal) ? new Uri(line[Announcement.Length..]) : null,
            StartTimeout,
            cancellation);
        return new Receiver(process, address);
    }

    /// <summary>Kills it.</summary>
    /// <returns>A task that ends when it is gone.</returns>
    public Task KillAsync() => _process.KillAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
