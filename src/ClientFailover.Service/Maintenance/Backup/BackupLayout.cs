using System.Buffers;
using ClientFailover.Service.Certificates;
using ClientFailover.Service.Configuration;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Identity;
using ClientFailover.Service.Storage;

namespace ClientFailover.Service.Maintenance.Backup;

/// <summary>
/// Responsible for what of the data directory is in a backup, and by which names. Not in it: the audit and the log, which
/// are never taken back to an earlier state; passwords that <c>initial-accounts.json</c> tells; certificates that were put aside.
/// </summary>
internal static class BackupLayout
{
    private static readonly SearchValues<char> Forbidden = SearchValues.Create("\\/:*?\"<>|");

    /// <summary>The settings file, in the archive; and in the data directory, where a restore puts it for comparison.</summary>
    public const string SettingsName = "appsettings.backup.json";

    /// <summary>The longest file, the database apart.</summary>
    public const long LongestFile = 16 * 1024 * 1024;

    /// <summary>The most files.</summary>
    public const int MostFiles = 10_000;

    /// <summary>Names, in the data directory, of what the service keeps and a restore replaces.</summary>
    public static IReadOnlyList<string> State { get; } =
    [
        DatabaseFile.FileName, DatabaseFile.FileName + "-wal", DatabaseFile.FileName + "-shm", DatabaseFile.FileName + "-journal",
        UserFile.Name, InitialAccounts.FileName, SecretProtection.DirectoryName, CertificateFolder.Name, SettingsName,
    ];

    /// <summary>Whether an entry of an archive may be written into a data directory.</summary>
    /// <param name="name">Its name, with <c>/</c> between directories.</param>
    /// <returns>False: it is none of ours, and could be anywhere.</returns>
    public static bool Allows(string name) => name.Split('/') switch
    {
        [DatabaseFile.FileName or UserFile.Name or SettingsName] => true,
        [SecretProtection.DirectoryName, var file] => IsFile(file, ".xml"),
        [CertificateFolder.Name, var file] => IsFile(file, ".crt"),
        [CertificateFolder.Name, CertificateFolder.KeysName, var file] => IsFile(file, ".key"),
        _ => false,
    };

    /// <summary>The files of a data directory that go into a backup, the database apart.</summary>
    /// <param name="directory">The data directory.</param>
    /// <param name="withSecrets">Whether the keys of secrets and the certificates with theirs are among them.</param>
    /// <returns>Name in the archive and path of each, in the order of names.</returns>
    public static IReadOnlyList<(string Name, string Path)> Files(string directory, bool withSecrets)
    {
        var files = new List<(string Name, string Path)>();
        Add(UserFile.Name);
        if (withSecrets)
        {
            AddAll(SecretProtection.DirectoryName, "*.xml");
            AddAll(CertificateFolder.Name, "*.crt");
            AddAll($"{CertificateFolder.Name}/{CertificateFolder.KeysName}", "*.key");
        }

        if (Path.Combine(AppContext.BaseDirectory, SettingsReader.FileName) is var settings && File.Exists(settings))
        {
            files.Add((SettingsName, settings));
        }

        return [.. files.OrderBy(f => f.Name, StringComparer.Ordinal)];

        void Add(string name)
        {
            if (Path.Combine(directory, name) is var path && File.Exists(path))
            {
                files.Add((name, path));
            }
        }

        void AddAll(string folder, string pattern)
        {
            if (Path.Combine(directory, folder.Replace('/', Path.DirectorySeparatorChar)) is var path && Directory.Exists(path))
            {
                files.AddRange(Directory.EnumerateFiles(path, pattern).Select(f => ($"{folder}/{Path.GetFileName(f)}", f)).Where(f => Allows(f.Item1)));
            }
        }
    }

    // The rules of Windows, too: an archive may go from one system to another.
    private static bool IsFile(string name, string extension) =>
        name.Length > extension.Length && name.Length <= 200 && name.EndsWith(extension, StringComparison.OrdinalIgnoreCase) && !name.StartsWith('.')
        && !name.AsSpan().ContainsAny(Forbidden) && !name.Any(char.IsControl);
}
