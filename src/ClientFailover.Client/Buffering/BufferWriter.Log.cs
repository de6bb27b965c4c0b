using Microsoft.Extensions.Logging;

namespace ClientFailover.Client.Buffering;

/// <content>Its messages.</content>
internal sealed partial class BufferWriter
{
    [LoggerMessage(7400, LogLevel.Information, "The buffer {File} is open; {Count} values of an earlier run are in it.")]
    private partial void LogOpened(string file, long count);

    [LoggerMessage(7402, LogLevel.Warning, "The buffer {File} cannot be written: {Reason}. Up to 64 MiB of values are kept in memory, where a kill loses them; it is tried again every second. Free space on the disk, or make it writable.")]
    private partial void LogUnwritable(string file, string reason, Exception error);

    [LoggerMessage(7403, LogLevel.Information, "The buffer {File} can be written again. It holds {Count} values.")]
    private partial void LogWritable(string file, long count);

    [LoggerMessage(7405, LogLevel.Error, "{Count} values were in memory only, and are lost with the stop, because the buffer {File} cannot be written. Free space on the disk, or make it writable, before the adapter is started again.")]
    private partial void LogLost(long count, string file, Exception error);

    [LoggerMessage(7404, LogLevel.Error, "The buffer met an error that it does not know. It goes on.")]
    private partial void LogFailed(Exception error);
}
