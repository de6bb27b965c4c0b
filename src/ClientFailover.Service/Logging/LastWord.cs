using ClientFailover.Service.Hosting;
using Microsoft.Extensions.Hosting.WindowsServices;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClientFailover.Service.Logging;

/// <summary>
/// Responsible for why the process ends being found in the log files and in the event log of Windows, besides standard error, which
/// of a service nobody sees. By then, or not yet, there is no log.
/// </summary>
internal static partial class LastWord
{
    /// <summary>Tells it.</summary>
    /// <param name="problem">Why, in plain words.</param>
    /// <param name="exception">What a developer wants to see; null: the words are enough.</param>
    /// <param name="options">The settings.</param>
    /// <param name="data">The data directory; null: it is not this process's to write in.</param>
    public static void Tell(string problem, Exception? exception, ServiceOptions options, DataDirectory? data)
    {
        // Of its own: a factory does not dispose of what it was given.
        using var files = data is not null && options.LogFiles ? new FileLog(data, options, TimeProvider.System, () => NullLogger.Instance) : null;
        using var logs = LoggerFactory.Create(logging =>
        {
            if (files is not null)
            {
                logging.AddProvider(files);
            }

            if (OperatingSystem.IsWindows() && WindowsServiceHelpers.IsWindowsService())
            {
                logging.AddEventLog(LogRegistration.SetSource);
            }
        });
        LogEnd(logs.CreateLogger(typeof(LastWord)), problem, exception);
    }

    [LoggerMessage(8104, LogLevel.Critical, "The service ends: {Problem}")]
    private static partial void LogEnd(ILogger log, string problem, Exception? exception);
}
