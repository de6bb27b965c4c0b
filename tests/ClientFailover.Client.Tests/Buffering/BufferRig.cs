using ClientFailover.Client.Buffering;
using Microsoft.Data.Sqlite;

namespace ClientFailover.Client.Tests.Buffering;

/// <summary>A buffer on a folder of its own, with a time that only moves when it is told to.</summary>
internal sealed class BufferRig : IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    private readonly string _root = System.IO.Directory.CreateTempSubdirectory("client-failover-buffer-").FullName;
    private int _folders;

    public BufferRig(bool bySource = true, Action<BufferOptions>? configure = null, string? folder = null)
    {
        BySource = bySource;
        configure?.Invoke(Options);
        Folder = folder ?? Path.Combine(_root, "buffer");
        Buffer = Create();
    }

    public bool BySource { get; }

    public string Folder { get; private set; }

    public string File => Path.Combine(Folder, "buffer.db");

    public WallClockTime Time { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public BufferOptions Options { get; } = new();

    public RecordedLog Log { get; } = new();

    public HotBuffer Buffer { get; private set; }

    /// <summary>What else to do to each connection that writes.</summary>
    public Action<SqliteConnection>? Opened { get; set; }

    /// <summary>Bytes in the folder.</summary>
    public long SizeOnDisk => new DirectoryInfo(Folder).EnumerateFiles().Sum(f => f.Length);

    public static async Task<BufferRig> OpenAsync(bool bySource = true, Action<BufferOptions>? configure = null, string? folder = null)
    {
        var rig = new BufferRig(bySource, configure, folder);
        await rig.Buffer.OpenAsync(CancellationToken.None);
        return rig;
    }

    /// <summary>The folder that an earlier version used.</summary>
    public string? Former { get; set; }

    public HotBuffer Create() => new(Folder, Options, BySource, Time, Log, connection => Opened?.Invoke(connection), Former);

    /// <summary>An item that was received now.</summary>
    public DataItem Item(int number, string stream = "s", TimeSpan sourceOffset = default, int size = 8)
    {
        var payload = new byte[size];
        BitConverter.TryWriteBytes(payload, number);
        return new DataItem(stream, Time.GetUtcNow() + sourceOffset, Time.GetUtcNow(), payload);
    }

    public void Append(params IEnumerable<int> numbers)
    {
        foreach (var number in numbers)
        {
            Buffer.Append(Item(number));
        }
    }

    /// <summary>Lets time pass, and the buffer do what it does in that time.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += Step)
        {
            Time.Advance(Step);
            await Buffer.SettledAsync();
        }
    }

    /// <summary>As after kill -9: what is in the files now is all that is left.</summary>
    public async Task CrashAsync()
    {
        await Buffer.SettledAsync();
        var copy = Path.Combine(_root, $"copy{_folders++}");
        System.IO.Directory.CreateDirectory(copy);
        foreach (var name in new[] { "buffer.db", "buffer.db-wal" })
        {
            if (System.IO.File.Exists(Path.Combine(Folder, name)))
            {
                System.IO.File.Copy(Path.Combine(Folder, name), Path.Combine(copy, name));
            }
        }

        await Buffer.DisposeAsync();
        Folder = copy;
        await ReopenAsync();
    }

    /// <summary>A stop in order, and a start.</summary>
    public async Task RestartAsync()
    {
        await Buffer.DisposeAsync();
        await ReopenAsync();
    }

    /// <summary>A stop in order, and a start of a version that keeps its buffer elsewhere.</summary>
    public async Task UpgradeAsync()
    {
        await Buffer.DisposeAsync();
        (Former, Folder) = (Folder, Path.Combine(_root, $"new{_folders++}"));
        await ReopenAsync();
    }

    public async Task ReopenAsync()
    {
        Buffer = Create();
        await Buffer.OpenAsync(CancellationToken.None);
    }

    public async Task<int[]> ReadAsync(int maxItems = int.MaxValue, int maxBytes = int.MaxValue, DateTimeOffset? upTo = null) =>
        [.. (await Buffer.ReadAsync(maxItems, maxBytes, upTo, CancellationToken.None)).Select(Number)];

    public async Task<int[]> TakeAllAsync(DateTimeOffset? upTo = null)
    {
        var all = new List<int>();
        while (await ReadAsync(1000, 128 * 1024, upTo) is { Length: > 0 } batch)
        {
            all.AddRange(batch);
            Buffer.Complete();
        }

        return [.. all];
    }

    public static int Number(DataItem item) => BitConverter.ToInt32(item.Payload.Span);

    public async ValueTask DisposeAsync()
    {
        await Buffer.DisposeAsync();
        System.IO.Directory.Delete(_root, recursive: true);
    }
}
