namespace ClientFailover.Service.Storage;

/// <content>Its messages.</content>
internal sealed partial class SqliteGroupStore
{
    [LoggerMessage(2000, LogLevel.Information, "Opened {Path}: {Groups} groups, revision {Revision}.")]
    private partial void LogOpened(string path, int groups, long revision);

    [LoggerMessage(2001, LogLevel.Warning, "The service was not stopped cleanly. No role changes because of it; the terms of all groups go on {Block} higher, beyond any that was announced.")]
    private partial void LogUncleanStop(long block);
}
