namespace ClientFailover.Service.Identity;

internal sealed partial class UserStore
{
    [LoggerMessage(3000, LogLevel.Warning, "The first accounts were created; their names and passwords are in {Path}: note them and delete the file")]
    private static partial void LogCreated(ILogger log, string path);

    [LoggerMessage(3001, LogLevel.Information, "{Path} was changed: {Count} accounts")]
    private partial void LogReloaded(string path, int count);

    [LoggerMessage(3002, LogLevel.Error, "{Path} was changed, but cannot be read; the accounts stay as they were: {Problem}")]
    private partial void LogNotReadable(string path, string problem);
}
