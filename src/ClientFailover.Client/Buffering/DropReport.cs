using Microsoft.Extensions.Logging;

namespace ClientFailover.Client.Buffering;

/// <summary>Responsible for telling what was dropped: at once, and then no more than once a minute. Safe for threads.</summary>
/// <param name="options">The limits.</param>
/// <param name="time">The time.</param>
/// <param name="log">The log.</param>
internal sealed partial class DropReport(BufferOptions options, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<DropReason, (long Count, long From, long To)> _untold = [];
    private long? _told;
    private long _total;

    /// <summary>All, since the process started.</summary>
    public long Total => Volatile.Read(ref _total);

    /// <summary>Adds what was dropped.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="chunk">The chunk with what was left of it.</param>
    public void Add(DropReason reason, Chunk chunk)
    {
        lock (_lock)
        {
            _total += chunk.Count;
            var (count, from, to) = _untold.GetValueOrDefault(reason, (0, long.MaxValue, long.MinValue));
            _untold[reason] = (count + chunk.Count, Math.Min(from, chunk.Times.ReceivedMin), Math.Max(to, chunk.Times.ReceivedMax));
        }
    }

    /// <summary>Tells what was not told yet, unless it has told something within the last minute.</summary>
    /// <param name="atOnce">Also then.</param>
    public void Tell(bool atOnce = false)
    {
        KeyValuePair<DropReason, (long Count, long From, long To)>[] untold;
        lock (_lock)
        {
            if (_untold.Count == 0 || (!atOnce && _told is { } told && time.GetElapsedTime(told) < Pause))
            {
                return;
            }

            _told = time.GetTimestamp();
            untold = [.. _untold];
            _untold.Clear();
        }

        foreach (var (reason, (count, from, to)) in untold)
        {
            LogDropped(count, new DateTime(from, DateTimeKind.Utc), new DateTime(to, DateTimeKind.Utc), Explain(reason), Total);
        }
    }

    [LoggerMessage(7420, LogLevel.Warning, "{Count} values, received from {From:O} to {To:O}, were dropped: {Reason} Since the start {Total} were dropped.")]
    private partial void LogDropped(long count, DateTime from, DateTime to, string reason, long total);

    private string Explain(DropReason reason) => reason switch
    {
        DropReason.Size => $"the buffer would grow beyond Buffer.MaxSize ({options.MaxSize} bytes). Set a larger one if such outages are to be bridged.",
        DropReason.Age => $"they were older than Buffer.MaxAge ({options.MaxAge}). Set a larger one if such outages are to be bridged.",
        DropReason.Unwritable => "the buffer cannot be written, and what may be kept in memory is used up. Free space on the disk, or make it writable.",
        DropReason.TooFast => "they come faster than the disk takes them, and what may be kept in memory is used up. Use a faster disk for Buffer.Directory.",
        _ => "the part of the buffer that held them is damaged or gone. Check the disk.",
    };
}
