using ClientFailover.Service.Logging;

namespace ClientFailover.Service.Hosting;

/// <content>The settings of the log, but for its levels: those are section <c>Logging</c>.</content>
internal sealed partial record ServiceOptions
{
    /// <summary>Whether the log is written to files, too, in <c>Logs</c> in the data directory. Default true.</summary>
    public bool LogFiles { get; init; } = true;

    /// <summary>How large a file of the log may become before the next one begins, in MiB. Default 10; 1 to 1024.</summary>
    public int LogFileSize { get; init; } = 10;

    /// <summary>How many files of the log are kept, with the one that is being written. Default 20; 1 to 1000.</summary>
    public int LogFileCount { get; init; } = 20;

    /// <summary>What a line of these files is: Text, for people, or Json, for programs. Default Text.</summary>
    public string LogFileFormat { get; init; } = LogFormats.Text;

    /// <summary>What a line on the console is, likewise. Default Text.</summary>
    public string LogConsoleFormat { get; init; } = LogFormats.Text;
}
