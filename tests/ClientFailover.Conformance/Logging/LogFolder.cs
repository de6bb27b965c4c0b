using System.Globalization;
using NUnit.Framework;

namespace ClientFailover.Conformance.Logging;

/// <summary>Responsible for reading the log files of a service, while it runs or after.</summary>
internal static class LogFolder
{
    /// <summary>The files, the oldest first.</summary>
    public static IReadOnlyList<string> Files(string dataDirectory)
    {
        var folder = Path.Combine(dataDirectory, "Logs");
        return Directory.Exists(folder) ? [.. Directory.GetFiles(folder, "client-failover-*.log").Order(StringComparer.Ordinal)] : [];
    }

    /// <summary>All of them, as they are.</summary>
    public static string ReadText(string dataDirectory) => string.Concat(Files(dataDirectory).Select(ReadShared));

    /// <summary>Every line.</summary>
    public static IReadOnlyList<string> ReadLines(string dataDirectory) =>
        ReadText(dataDirectory).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Waits until they contain a text: lines are written by another thread than the one that answers.</summary>
    public static void UntilTold(string dataDirectory, string text) =>
        Assert.That(() => ReadText(dataDirectory), Does.Contain(text).After(60_000, 10));

    /// <summary>Whether a line is one that begins an entry: UTC, level, category, event id.</summary>
    public static bool IsEntry(string line) =>
        line.Length > 30
        && DateTime.TryParseExact(line[..24], "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out _)
        && line[25..28] is "VRB" or "DBG" or "INF" or "WRN" or "ERR" or "FTL";

    private static string ReadShared(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd();
    }
}
