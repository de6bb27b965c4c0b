using ClientFailover.Engine;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Liveness;
using ClientFailover.Service.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Storage;

/// <summary>A store on a real file in a directory of its own, with a clock that the test moves.</summary>
internal sealed class StoreBench : IAsyncDisposable
{
    public static readonly DateTime Noon = new(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc);

    public StoreBench()
        : this(new StoreOptions { DataDirectory = NewDirectory() })
    {
    }

    public StoreBench(StoreOptions options)
    {
        options.BusyTimeout = TimeSpan.Zero;
        Options = options;
        Store = Open();
    }

    public StoreOptions Options { get; }

    public FakeTimeProvider Time { get; } = new();

    public RecordingLogger Log { get; } = new();

    public SqliteGroupStore Store { get; private set; }

    public string Directory => Options.DataDirectory;

    public string Path => System.IO.Path.Combine(Directory, DatabaseFile.FileName);

    public static string NewDirectory() => System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"cfs-store-{Guid.NewGuid():N}");

    public static GroupKey Key(string group) => new("tenant", "namespace", group);

    public static GroupCreated Created(string id) => new(Noon, new GroupConfiguration(id, "name", "text", TimeSpan.FromSeconds(30), """{"a":1}"""));

    public static SessionRegistered Registered(string id, long order) => new(Noon, id, null, null, order);

    public static RoleChanged Promoted(string id, long term) =>
        new(Noon, id, Role.Secondary, Role.Primary, term, Reason.OnlyClientInGroup, Noon.AddSeconds(term), TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(term));

    public async Task<IReadOnlyDictionary<GroupKey, DurableGroup>> LoadAsync() =>
        (await Store.LoadAsync(CancellationToken.None)).ToDictionary(g => g.Key, g => g.State);

    public TestWrite Append(GroupKey group, bool mustBeDurable, params GroupEvent[] events)
    {
        var write = new TestWrite(group, mustBeDurable, events, events.OfType<RoleChanged>().LastOrDefault()?.Term ?? 0);
        Store.Append(write);
        return write;
    }

    public async Task<(StoreOutcome Outcome, long First)> WriteAsync(GroupKey group, bool mustBeDurable, params GroupEvent[] events) =>
        await Append(group, mustBeDurable, events).Done;

    /// <summary>Stops the store in good order; another is ready to be loaded from the same file.</summary>
    public async Task StopAsync()
    {
        await Store.DisposeAsync();
        Store = Open();
    }

    /// <summary>Stops the store in good order and opens the same file again.</summary>
    public async Task<IReadOnlyDictionary<GroupKey, DurableGroup>> RestartAsync()
    {
        await StopAsync();
        return await LoadAsync();
    }

    /// <summary>What a kill at this moment would leave, as a bench of its own, not loaded yet.</summary>
    public StoreBench Crash()
    {
        var copy = new StoreBench();
        System.IO.Directory.CreateDirectory(copy.Directory);
        using var reader = Connect();
        using var moment = reader.BeginTransaction(deferred: true);
        reader.Scalar("SELECT count(*) FROM meta", moment);
        foreach (var suffix in new[] { "", "-wal" })
        {
            if (File.Exists(Path + suffix))
            {
                File.Copy(Path + suffix, copy.Path + suffix);
            }
        }

        return copy;
    }

    /// <summary>A second connection to the file, as another program has it.</summary>
    public SqliteConnection Connect()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        if (System.IO.Directory.Exists(Directory))
        {
            System.IO.Directory.Delete(Directory, recursive: true);
        }
    }

    private SqliteGroupStore Open() => new(Microsoft.Extensions.Options.Options.Create(Options), Time, new Pulses(Time), Log);
}

/// <summary>Remembers which messages were logged.</summary>
internal sealed class RecordingLogger : ILogger<SqliteGroupStore>
{
    private readonly List<int> _ids = [];

    public int Count(int id)
    {
        lock (_ids)
        {
            return _ids.Count(i => i == id);
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        Assert.That(formatter(state, exception), Is.Not.Empty);
        lock (_ids)
        {
            _ids.Add(eventId.Id);
        }
    }
}
