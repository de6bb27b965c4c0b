using System.Net;
using ClientFailover.Conformance.Running;

namespace ClientFailover.Continuity.Processes;

/// <summary>Responsible for the destination: the OMF receiver as a process, which may be killed, frozen and started again.</summary>
internal sealed class DestinationHost : IAsyncDisposable
{
    private const string Announcement = "OMF receiver listens on ";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DataFolder _folder = DataFolder.CreateInMemory();
    private ChildProcess? _process;
    private volatile IPEndPoint _address = new(IPAddress.Loopback, 0);

    private DestinationHost()
    {
    }

    /// <summary>Where it listens; a restart may change it.</summary>
    public IPEndPoint Address => _address;

    /// <summary>What it has taken.</summary>
    public string Database => _folder.File("omf.db");

    /// <summary>Starts one.</summary>
    public static async Task<DestinationHost> CreateAsync()
    {
        var destination = new DestinationHost();
        await destination.StartAsync();
        return destination;
    }

    /// <summary>Starts it (again), with what it has taken.</summary>
    public async Task StartAsync()
    {
        var listens = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = new ChildProcess(Programs.Receiver, ["--Port", "0", "--Database", Database], heard: line =>
        {
            if (line.StartsWith(Announcement, StringComparison.Ordinal))
            {
                listens.TrySetResult(new Uri(line[Announcement.Length..]).Port);
            }
        });
        if (await Task.WhenAny(listens.Task, _process.Exited).WaitAsync(Patience) != listens.Task)
        {
            throw new InvalidOperationException($"The destination did not start:\n{string.Join('\n', _process.Lines)}");
        }

        _address = new IPEndPoint(IPAddress.Loopback, await listens.Task);
    }

    /// <summary>Ends it as a crash does.</summary>
    public async Task KillAsync() => await _process!.DisposeAsync();

    /// <summary>Stops it in its tracks.</summary>
    public void Freeze() => _process!.Freeze();

    /// <summary>Lets it go on.</summary>
    public void Thaw() => _process!.Thaw();

    public async ValueTask DisposeAsync()
    {
        await _process!.DisposeAsync();
        _folder.Dispose();
    }
}
