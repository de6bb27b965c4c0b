namespace ClientFailover.Client;

/// <summary>The buffer of data that is not known to have reached the destination. What goes beyond a limit is dropped, oldest first, with a warning that counts it.</summary>
public sealed class BufferOptions
{
    /// <summary>
    /// Folder of its files, for this adapter alone; default: <c>client-failover/{group id}/{session id}</c> under the user's local application
    /// data. A buffer in it is taken up again after a restart.
    /// </summary>
    public string? Directory { get; set; }

    /// <summary>Largest size on disk in bytes; default 2 GiB, least 1 MiB.</summary>
    public long MaxSize { get; set; } = 2L << 30;

    /// <summary>Largest age by time of receipt; default 24 h, least 1 minute.</summary>
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromHours(24);
}
