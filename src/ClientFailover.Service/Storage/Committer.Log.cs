using ClientFailover.Service.Groups;

namespace ClientFailover.Service.Storage;

/// <content>Its messages.</content>
internal sealed partial class Committer
{
    [LoggerMessage(2010, LogLevel.Error, "The database cannot be written: {Reason}. Heartbeats and promotions go on in memory; changes of groups, sessions and overrides are refused until it can be written again.")]
    private partial void LogUnwritable(string reason, Exception error);

    [LoggerMessage(2011, LogLevel.Information, "The database can be written again. What was decided meanwhile in {Groups} groups is written; {Lost} history entries are lost.")]
    private partial void LogWritable(int groups, long lost);

    [LoggerMessage(2012, LogLevel.Warning, "Changes of groups, sessions or overrides are refused: {Reason}. Role changes are still written.")]
    private partial void LogChangesRefused(string reason, Exception error);

    [LoggerMessage(2013, LogLevel.Error, "Group {Group} has used up the terms that are reserved on disk. It goes on; if the service is killed before the database can be written, its terms can go back.")]
    private partial void LogTermsUsedUp(GroupKey group);

    [LoggerMessage(2014, LogLevel.Error, "The revisions that are reserved on disk are used up. If the service is killed before the database can be written, revisions can be told twice.")]
    private partial void LogRevisionsUsedUp();

    [LoggerMessage(2015, LogLevel.Error, "What was decided in {Groups} groups is lost, because the database cannot be written: {Reason}. Terms go on beyond those that were announced.")]
    private partial void LogLost(int groups, string reason);

    [LoggerMessage(2016, LogLevel.Warning, "The clean stop could not be recorded: {Reason}. The next start takes it for a crash.")]
    private partial void LogNotMarked(string reason, Exception error);

    [LoggerMessage(2017, LogLevel.Error, "A write of group {Group} is done, but whoever waited for it failed.")]
    private partial void LogCompletionFailed(GroupKey group, Exception error);

    [LoggerMessage(2019, LogLevel.Information, "Changes of groups, sessions and overrides are written again.")]
    private partial void LogChangesTaken();

    [LoggerMessage(2018, LogLevel.Debug, "The transaction that failed could not be rolled back.")]
    private partial void LogRollbackFailed(Exception error);
}
