using System.Globalization;
using ClientFailover.Service.Hosting;

namespace ClientFailover.Service.Logging;

/// <summary>Responsible for telling which settings of the log cannot work.</summary>
internal static class LogRules
{
    private const int LargestFile = 1024;
    private const int MostFiles = 1000;

    /// <summary>Checks every rule.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="mistakes">Receives the mistakes, each in plain words.</param>
    public static void Check(ServiceOptions options, List<string> mistakes)
    {
        Range(nameof(options.LogFileSize), options.LogFileSize, LargestFile, mistakes);
        Range(nameof(options.LogFileCount), options.LogFileCount, MostFiles, mistakes);
        LogFormats.Check(nameof(options.LogFileFormat), options.LogFileFormat, mistakes);
        LogFormats.Check(nameof(options.LogConsoleFormat), options.LogConsoleFormat, mistakes);
    }

    private static void Range(string name, int value, int highest, List<string> mistakes)
    {
        if (value < 1 || value > highest)
        {
            mistakes.Add(string.Create(CultureInfo.InvariantCulture, $"{name} is {value}; it must be between 1 and {highest}."));
        }
    }
}
