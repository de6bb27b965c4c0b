using System.IO.Compression;
using ClientFailover.Service.Storage;

namespace ClientFailover.Service.Tests.Upgrade;

/// <summary>
/// What released versions of the service kept, one archive a schema, made by running them (<c>Conformance/Upgrade/record.py</c>).
/// </summary>
internal static class RecordedState
{
    /// <summary>The schemas of which there is one: all that were released.</summary>
    public static IEnumerable<int> Schemas => Directory.EnumerateFiles(Folder, "*.zip").Select(f => int.Parse(Path.GetFileNameWithoutExtension(f), System.Globalization.CultureInfo.InvariantCulture)).Order();

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Recorded");

    /// <summary>Unpacks one into a data directory.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="directory">The data directory.</param>
    /// <returns>Path of its database.</returns>
    public static string Unpack(int schema, string directory)
    {
        using var archive = ZipFile.OpenRead(Path.Combine(Folder, $"{schema}.zip"));
        foreach (var entry in archive.Entries.Where(e => e.FullName.StartsWith("data/", StringComparison.Ordinal)))
        {
            var path = Path.Combine(directory, entry.FullName["data/".Length..]);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            entry.ExtractToFile(path);
        }

        return Path.Combine(directory, DatabaseFile.FileName);
    }
}
