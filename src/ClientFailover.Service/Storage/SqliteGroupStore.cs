using System.Text.Json;
using ClientFailover.Service.Configuration;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Liveness;
using ClientFailover.Service.Telemetry;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace ClientFailover.Service.Storage;

/// <summary>
/// Responsible for the database in the data directory: opens it, and passes the writes of all groups to one thread,
/// which commits at once whatever has come in while the last commit was under way.
/// </summary>
internal sealed partial class SqliteGroupStore : IGroupStore, IAsyncDisposable
{
    // Far longer than any slow disk takes for a commit: starting anew would not make it faster, and adapters are answered meanwhile.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly StoreOptions _options;
    private readonly ILogger<SqliteGroupStore> _logger;
    private readonly DatabaseFile _file;
    private readonly Committer _committer;
    private readonly ITimer _retryTimer;
    private readonly Pulse _pulse;
    private readonly Lock _loading = new();
    private readonly object _gate = new();
    private readonly WriteQueue _queue = new();
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _started;
    private bool _retryDue;
    private bool _retryScheduled;
    private bool _stopping;

    /// <summary>Makes a store that is opened by <see cref="LoadAsync"/>.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="time">The clock of retries.</param>
    /// <param name="pulses">Where it is told that the thread which commits goes on.</param>
    /// <param name="logger">The log.</param>
    /// <param name="meter">Measures and counts; null: nobody does.</param>
    public SqliteGroupStore(IOptions<StoreOptions> options, TimeProvider time, Pulses pulses, ILogger<SqliteGroupStore> logger, StoreMeter? meter = null)
    {
        _options = options.Value;
        _logger = logger;
        _file = new DatabaseFile(_options);
        _committer = new Committer(_file, _options, time, logger, meter);
        _pulse = pulses.Add("store", Patience);
        _retryTimer = time.CreateTimer(_ => RequestRetry(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public StoreHealth Health => _committer.Health;

    /// <inheritdoc/>
    public long Revision => _committer.Revision;

    /// <inheritdoc/>
    /// <exception cref="StoreUnusableException">The database cannot be used.</exception>
    public Task<IReadOnlyList<StoredGroup>> LoadAsync(CancellationToken cancellation) =>
        Task.Run<IReadOnlyList<StoredGroup>>(() => Load(cancellation), cancellation);

    /// <inheritdoc/>
    /// <exception cref="StoreUnusableException">The database cannot be used.</exception>
    public Task<IReadOnlyList<StoredAccessList>> LoadAccessListsAsync(CancellationToken cancellation) =>
        Task.Run<IReadOnlyList<StoredAccessList>>(() => Read(StoreReader.ReadAccessLists), cancellation);

    /// <inheritdoc/>
    /// <exception cref="StoreUnusableException">The database cannot be used.</exception>
    public Task<StoredTenants> LoadTenantsAsync(CancellationToken cancellation) => Task.Run(() => Read(TenantStatements.Read), cancellation);

    /// <inheritdoc/>
    /// <exception cref="StoreUnusableException">The database cannot be used.</exception>
    public Task<ServiceConfiguration> LoadConfigurationAsync(CancellationToken cancellation) =>
        Task.Run(() => Read(ConfigurationStatements.Read), cancellation);

    /// <inheritdoc/>
    /// <exception cref="StoreUnusableException">The database cannot be used.</exception>
    public Task<IReadOnlyList<StoredSilence>> LoadSilencesAsync(CancellationToken cancellation) =>
        Task.Run<IReadOnlyList<StoredSilence>>(() => Read(StoreReader.ReadSilences), cancellation);

    /// <inheritdoc/>
    public void Append(StoreWrite write)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping, this);
            _queue.Enqueue(write);
            Monitor.Pulse(_gate);
        }
    }

    /// <inheritdoc/>
    public Task<HistoryPage> ReadHistoryAsync(GroupKey group, int skip, int count, CancellationToken cancellation) => Task.Run(
        () =>
        {
            using var connection = _file.OpenReader();
            return StoreReader.ReadHistory(connection, group, skip, count);
        },
        cancellation);

    /// <summary>Writes what is still waiting, records the clean stop, and closes the database.</summary>
    /// <returns>A task that ends when that is done.</returns>
    public async ValueTask DisposeAsync()
    {
        bool started;
        lock (_gate)
        {
            _stopping = true;
            started = _started;
            Monitor.Pulse(_gate);
        }

        if (started)
        {
            await _stopped.Task;
        }

        _committer.Dispose();
        await _retryTimer.DisposeAsync();
    }

    private T Read<T>(Func<SqliteConnection, T> read)
    {
        try
        {
            using var connection = _file.OpenReader();
            return read(connection);
        }
        catch (SqliteException e)
        {
            throw _file.Unusable(e);
        }
        catch (JsonException e)
        {
            throw _file.Damaged(e.Message, e);
        }
    }

    private List<StoredGroup> Load(CancellationToken cancellation)
    {
        lock (_loading)
        {
            if (_started)
            {
                throw new InvalidOperationException("The store is loaded once.");
            }

            _file.Prepare();
            try
            {
                return Open(cancellation);
            }
            catch (SqliteException e)
            {
                throw _file.Unusable(e);
            }
        }
    }

    private List<StoredGroup> Open(CancellationToken cancellation)
    {
        var connection = _file.OpenWriter();
        try
        {
            var start = StartRecord.Take(connection);
            var groups = StoreReader.ReadGroups(connection, cancellation);
            LogOpened(_file.Path, groups.Count, start.Revision);
            if (!start.AfterCleanStop)
            {
                LogUncleanStop(GroupWriter.TermBlock);
            }

            _committer.Start(new GroupWriter(connection, _options.HistoryPerGroup), start.Revision);
            lock (_gate)
            {
                _started = true;
            }

            new Thread(Run) { IsBackground = true, Name = "Store writer" }.Start();
            return groups;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void Run()
    {
        var batch = new List<StoreWrite>();
        while (Take(batch, out var retry))
        {
            _pulse.Beat();
            if (retry)
            {
                _retryScheduled = false;
                _committer.Retry();
            }

            if (batch.Count > 0)
            {
                _committer.Process(batch);
            }

            // One shot each: a try that takes longer than the interval is not followed by a heap of others.
            if (!_committer.Health.IsGood && !_retryScheduled)
            {
                _retryScheduled = true;
                _retryTimer.Change(_options.RetryInterval, Timeout.InfiniteTimeSpan);
            }

            _pulse.Rest();
        }

        // Before the writer: the last connection takes the log into the file, which one that only reads cannot.
        _file.CloseReaders();
        _committer.Stop();
        _stopped.SetResult();
    }

    private bool Take(List<StoreWrite> batch, out bool retry)
    {
        batch.Clear();
        lock (_gate)
        {
            while (_queue.Count == 0 && !_retryDue && !_stopping)
            {
                Monitor.Wait(_gate);
            }

            (retry, _retryDue) = (_retryDue, false);
            while (batch.Count < _options.WritesPerCommit && _queue.TryDequeue() is { } write)
            {
                batch.Add(write);
            }

            return retry || batch.Count > 0;
        }
    }

    private void RequestRetry()
    {
        lock (_gate)
        {
            _retryDue = true;
            Monitor.Pulse(_gate);
        }
    }
}
