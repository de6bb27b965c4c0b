using System.Text.Json;
using ClientFailover.Service.Hosting;

namespace ClientFailover.Service.Maintenance.Restore;

/// <summary>
/// Responsible for putting what was made ready in <see cref="StagingName"/> in the place of what the data directory has, all or
/// nothing. From the moment in which <see cref="MarkerName"/> is on the disk the restore counts as made: whoever opens the
/// directory next finishes it, and nobody reads anything before. Until then nothing was touched.
/// </summary>
internal static class RestoreSwitch
{
    /// <summary>Name, in the data directory, of the directory in which a restore is made ready.</summary>
    public const string StagingName = "restore.new";

    /// <summary>Name of the file that says what goes where.</summary>
    public const string MarkerName = "restore.pending";

    /// <summary>What a decrypted archive adds to that name while it is unpacked.</summary>
    public const string UnpackedSuffix = ".zip";

    /// <summary>How the directories begin in which the state before a restore is kept.</summary>
    public const string AsidePrefix = "before-restore-";

    /// <summary>Called before each step. Tests end it there as a kill would; not configurable.</summary>
    internal static AsyncLocal<Action?> Step { get; } = new();

    /// <summary>Makes the switch.</summary>
    /// <param name="directory">The data directory, which nobody else uses.</param>
    /// <param name="leaving">Names in it that go, if they are there.</param>
    /// <param name="now">Now, UTC: names the directory of what was there before.</param>
    /// <returns>Where that is; null: there was nothing.</returns>
    public static string? Make(string directory, IEnumerable<string> leaving, DateTime now)
    {
        var aside = NewAside(directory, now);
        string[] coming = [.. Directory.EnumerateFileSystemEntries(Path.Combine(directory, StagingName)).Select(p => Path.GetFileName(p)).Order(StringComparer.Ordinal)];
        var marker = new Marker(aside, [.. leaving.Where(n => Exists(Path.Combine(directory, n)))], coming);
        Step.Value?.Invoke();
        DurableFile.Write(Path.Combine(directory, MarkerName), JsonSerializer.Serialize(marker) + "\n");
        Finish(directory);
        return Path.Combine(directory, aside) is var path && Directory.Exists(path) ? path : null;
    }

    /// <summary>Finishes a restore that was begun, if one was; removes what is left of one that was not.</summary>
    /// <param name="directory">The data directory, which nobody else uses.</param>
    /// <exception cref="IOException">Something cannot be moved; what could be is, and the next call goes on.</exception>
    public static void Finish(string directory)
    {
        var path = Path.Combine(directory, MarkerName);
        var staging = Path.Combine(directory, StagingName);
        if (File.Exists(path))
        {
            Step.Value?.Invoke();
            var marker = Read(path);
            var aside = Path.Combine(directory, marker.Aside);
            foreach (var name in marker.Leaving.Where(n => IsOld(n, marker)))
            {
                PrivateFiles.CreateDirectoryOfService(aside);
                Move(name, directory, aside);
            }

            // In this order also after a power cut: a new database must never meet the log of the old one.
            Sync(aside, directory);
            foreach (var name in marker.Coming)
            {
                Move(name, staging, directory);
            }

            Sync(staging, directory);
            Step.Value?.Invoke();
            File.Delete(path);
            DurableFile.SyncDirectory(directory);
        }

        File.Delete(staging + UnpackedSuffix);
        if (Directory.Exists(staging))
        {
            Step.Value?.Invoke();
            Directory.Delete(staging, recursive: true);
        }

        // What is in the directory now under a name that is to come is the old thing only as long as the new one has not come.
        bool IsOld(string name, Marker marker) => !marker.Coming.Contains(name) || Exists(Path.Combine(staging, name));
    }

    /// <summary>Keeps commands that do not open the data directory for themselves from changing what is about to be replaced.</summary>
    /// <param name="directory">The data directory.</param>
    /// <exception cref="StartupException">A restore was interrupted.</exception>
    public static void EnsureNonePending(string directory)
    {
        if (File.Exists(Path.Combine(directory, MarkerName)))
        {
            throw new StartupException(
                ExitCodes.DataDirectoryInUse, $"A restore of '{directory}' is under way or was interrupted. Start the service, which finishes it, or wait.");
        }
    }

    private static Marker Read(string path)
    {
        try
        {
            if (JsonSerializer.Deserialize<Marker>(File.ReadAllText(path)) is { Aside: not null, Leaving: not null, Coming: not null } marker
                && marker.Leaving.Concat(marker.Coming).Append(marker.Aside).All(IsName))
            {
                return marker;
            }
        }
        catch (JsonException)
        {
            // Said below.
        }

        throw new StartupException(
            ExitCodes.DataNotReadable,
            $"A restore was interrupted, and {path}, which says how to finish it, is damaged. Restore the backup again: move that file away first, and name --replace.");
    }

    private static string NewAside(string directory, DateTime now)
    {
        var name = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{AsidePrefix}{now:yyyyMMdd'T'HHmmss'Z'}");
        for (var number = 2; Exists(Path.Combine(directory, name)); number++)
        {
            name = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{AsidePrefix}{now:yyyyMMdd'T'HHmmss'Z'}-{number}");
        }

        return name;
    }

    private static void Move(string name, string from, string to)
    {
        var source = Path.Combine(from, name);
        Step.Value?.Invoke();
        if (Directory.Exists(source))
        {
            Directory.Move(source, Path.Combine(to, name));
        }
        else if (File.Exists(source))
        {
            File.Move(source, Path.Combine(to, name));
        }
    }

    private static void Sync(params string[] directories)
    {
        foreach (var directory in directories.Where(Directory.Exists))
        {
            DurableFile.SyncDirectory(directory);
        }
    }

    private static bool IsName(string? name) =>
        !string.IsNullOrEmpty(name) && name is not ("." or "..") && name.AsSpan().IndexOfAny('/', '\\') < 0 && !name.Contains('\0', StringComparison.Ordinal);

    private static bool Exists(string path) => File.Exists(path) || Directory.Exists(path);

    private sealed record Marker(string Aside, IReadOnlyList<string> Leaving, IReadOnlyList<string> Coming);
}
