using ClientFailover.Service.Hosting;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using ILogger = Microsoft.Extensions.Logging.ILogger;

namespace ClientFailover.Service.Logging;

/// <summary>
/// Responsible for the files of the log: <c>client-failover-20261124.log</c>, one a day, more (<c>_001</c>) when one grows large, the
/// oldest deleted beyond a number. A line is handed to the system as soon as it comes, so that a killed service loses nothing of it.
/// While they cannot be written, because the disk is full or the folder is not the service's, lines are counted and left out, and
/// every few seconds it is tried again with a new file handle. Safe for one thread.
/// </summary>
/// <param name="directory">Where they are; it is made when there is something to write.</param>
/// <param name="options">How large and how many they are, and the form of their lines.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Where trouble is told, once when it begins and once when it is over.</param>
internal sealed partial class LogFile(string directory, ServiceOptions options, TimeProvider time, Func<ILogger> log)
    : ILogEventSink, ILoggingFailureListener, IDisposable
{
    /// <summary>Name of the directory, in the data directory.</summary>
    public const string DirectoryName = "Logs";

    /// <summary>How often it is tried whether they can be written again.</summary>
    public static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(5);

    // The day, and a number where a day has several, come in before the dot.
    private const string FileName = "client-failover-.log";
    private const long Mebibyte = 1024 * 1024;

    private Logger? _files;
    private string? _problem;
    private long _failed;
    private long _lost;

    /// <inheritdoc/>
    public void Emit(LogEvent logEvent)
    {
        if (_lost > 0 && time.GetElapsedTime(_failed) < RetryInterval)
        {
            _lost++;
            return;
        }

        _problem = null;
        TryWrite(logEvent);
        if (_problem is not null)
        {
            GiveUp(_problem);
        }
        else if (_lost > 0)
        {
            var count = _lost;
            _lost = 0;
            LogWritten(log(), directory, count);
        }
    }

    /// <inheritdoc/>
    void ILoggingFailureListener.OnLoggingFailed(
        object sender, LoggingFailureKind kind, string message, IReadOnlyCollection<LogEvent>? events, Exception? exception)
    {
        var problem = exception?.Message ?? message;
        if (kind == LoggingFailureKind.Temporary)
        {
            // An old file stays, or another name is tried.
            LogInTheWay(log(), directory, problem);
        }
        else
        {
            _problem = problem;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Close();

    private void TryWrite(LogEvent logEvent)
    {
        try
        {
            _files ??= Open();
            _files.Write(logEvent);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _problem = e.Message;
        }
    }

    private Logger Open()
    {
        PrivateFiles.CreateDirectory(directory);
        return new LoggerConfiguration().MinimumLevel.Verbose()
            .WriteTo.Fallible(
                to => to.File(
                    LogFormats.Create(options.LogFileFormat),
                    Path.Combine(directory, FileName),
                    fileSizeLimitBytes: options.LogFileSize * Mebibyte,
                    rollingInterval: RollingInterval.Day,
                    rollOnFileSizeLimit: true,
                    retainedFileCountLimit: options.LogFileCount,
                    hooks: new WholeLines()),
                this)
            .CreateLogger();
    }

    private void GiveUp(string problem)
    {
        Close();
        _failed = time.GetTimestamp();
        _lost++;
        if (_lost == 1)
        {
            LogNotWritten(log(), directory, problem);
        }
    }

    /// <summary>Ends with what could be written: the rest of a line that did not fit must not come later, between others.</summary>
    private void Close()
    {
        try
        {
            _files?.Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It was told when the line could not be written.
        }
        finally
        {
            _files = null;
        }
    }
}
