using Microsoft.Extensions.Logging;

namespace ClientFailover.Client.Buffering;

/// <content>Its messages.</content>
internal sealed partial class BufferWriter
{
    [LoggerMessage(7405, LogLevel.Error, "{Count} values were in memory only, and are lost with the stop, because the buffer {File} cannot be written. Free space on the disk, or make it writable, before the adapter is started again.")]
    private partial void LogLost(long count, string file, Exception error);

    [LoggerMessage(7404, LogLevel.Error, "The buffer met an error that it does not know. It goes on.")]
    private partial void LogFailed(Exception error);
}
