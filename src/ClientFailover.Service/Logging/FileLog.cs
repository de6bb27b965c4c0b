using ClientFailover.Service.Hosting;

namespace ClientFailover.Service.Logging;

/// <summary>The log in files.</summary>
/// <param name="data">The data directory.</param>
/// <param name="options">How large and how many they are, and the form of their lines.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Where it is told that they cannot be written.</param>
[ProviderAlias(Name)]
internal sealed class FileLog(DataDirectory data, ServiceOptions options, TimeProvider time, Func<ILogger> log)
    : LogOutput(LogQueue.Create("log files", to => to.Sink(new LogFile(data.File(LogFile.DirectoryName), options, time, log)), log))
{
    /// <summary>What the settings call it.</summary>
    public const string Name = "File";
}
