using Microsoft.Data.Sqlite;

namespace ClientFailover.Service.Storage;

/// <summary>Settings of the store.</summary>
internal sealed class StoreOptions
{
    /// <summary>The directory of the database; created when there is none. No default: the host sets it.</summary>
    public string DataDirectory { get; set; } = "";

    /// <summary>How many entries of history are kept a group. Default 1000; at least 1.</summary>
    public int HistoryPerGroup { get; set; } = 1000;

    /// <summary>How often a database that cannot be written is tried again. Default 1 s; greater than zero.</summary>
    public TimeSpan RetryInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a write waits for another program that has locked the database. Default 2 s; zero: not at all.
    /// </summary>
    public TimeSpan BusyTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How many entries of history, of all groups, wait in memory while the database cannot be written; the oldest
    /// are dropped. Roles and terms are never dropped. Default 100,000; zero is allowed.
    /// </summary>
    public int DeferredHistory { get; set; } = 100_000;

    /// <summary>
    /// How many writes share one commit at most. Default 512: of a crowd the first are announced after some 10 ms, and a
    /// flush is still little beside the work it ends. At least 1.
    /// </summary>
    public int WritesPerCommit { get; set; } = 512;

    /// <summary>Called with each connection that is opened for writing. Tests make it fail with this; not configurable.</summary>
    internal Action<SqliteConnection>? WriterOpened { get; set; }
}
