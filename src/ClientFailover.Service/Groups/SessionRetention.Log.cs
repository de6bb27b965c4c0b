namespace ClientFailover.Service.Groups;

internal sealed partial class SessionRetention
{
    [LoggerMessage(8400, LogLevel.Information, "Group {Group}: session {Session} is removed, as nobody has heard from it for {Days} days (setting SessionRetention).")]
    private partial void LogRemoved(GroupKey group, string session, int days);

    [LoggerMessage(8401, LogLevel.Warning, "Sessions that have long been silent could not be removed; it is tried again in an hour: {Problem}")]
    private partial void LogNotRemoved(string problem);

    [LoggerMessage(8402, LogLevel.Error, "Sessions that have long been silent could not be looked for; it is tried again in an hour. This is a defect: report it.")]
    private partial void LogFailed(Exception exception);
}
