using System.Diagnostics;
using System.Globalization;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Identity;
using ClientFailover.Service.Maintenance.Restore;

namespace ClientFailover.Service.Maintenance.Checks;

/// <summary>Responsible for looking at the data directory: who may enter it, and whether its disk takes what is written.</summary>
internal static class DirectoryCheck
{
    private const string Name = "directory";
    private const string DiskName = "disk";
    private const long Mebibyte = 1024 * 1024;
    private const long LeastSpace = 64 * Mebibyte;
    private const long LittleSpace = 1024 * Mebibyte;
    private const int Flushes = 9;

    /// <summary>A promotion is told after its commit: what a flush takes, a takeover takes longer.</summary>
    private static readonly TimeSpan SlowFlush = TimeSpan.FromMilliseconds(50);

    /// <summary>Checks it.</summary>
    /// <param name="path">The data directory.</param>
    /// <returns>What was found.</returns>
    public static IEnumerable<CheckResult> Run(string path)
    {
        if (!Directory.Exists(path))
        {
            yield return CheckResult.Warning(Name, $"There is no data directory '{path}'.", "Start the service once, which makes it; or name the right one with --DataDirectory.");
            yield break;
        }

        yield return PrivateFiles.IsPrivate(path)
            ? CheckResult.Ok(Name, $"{path} is for its owner alone.")
            : CheckResult.Warning(Name, $"Other accounts have access to {path}.", "Take it from them: chmod 700.");
        if (File.Exists(Path.Combine(path, RestoreSwitch.MarkerName)))
        {
            yield return CheckResult.Warning(Name, "A restore was interrupted after it had been decided.", "Start the service: it finishes it.");
        }

        if (File.Exists(Path.Combine(path, InitialAccounts.FileName)))
        {
            yield return CheckResult.Warning(Name, $"{InitialAccounts.FileName} is still there; it tells passwords.", "Note them and delete the file.");
        }

        foreach (var left in Directory.EnumerateDirectories(path, RestoreSwitch.AsidePrefix + "*").Order(StringComparer.Ordinal))
        {
            yield return CheckResult.Ok(Name, $"{Path.GetFileName(left)} keeps the state before a restore; delete it when it is not needed.");
        }

        yield return Space(path);
        yield return Write(path);
    }

    private static CheckResult Space(string path)
    {
        if (Disk.FreeSpace(path) is not { } free)
        {
            return CheckResult.Warning(DiskName, "The system does not tell how much room there is.", "See that there is at least 1 GiB.");
        }

        var text = string.Create(CultureInfo.InvariantCulture, $"{free / Mebibyte} MiB are free.");
        return free < LeastSpace ? CheckResult.Error(DiskName, text, "Make room: on a full disk the service refuses changes, and forgets roles with a restart.")
            : free < LittleSpace ? CheckResult.Warning(DiskName, text, "Make room: 1 GiB should be free.")
            : CheckResult.Ok(DiskName, text);
    }

    private static CheckResult Write(string path)
    {
        var probe = Path.Combine(path, $".check-{Guid.NewGuid():N}");
        try
        {
            var took = new List<TimeSpan>();
            var options = PrivateFiles.Options(FileMode.CreateNew);
            options.Options = FileOptions.DeleteOnClose;
            using (var file = new FileStream(probe, options))
            {
                var block = new byte[4096];
                for (var i = 0; i < Flushes; i++)
                {
                    var start = Stopwatch.GetTimestamp();
                    file.Write(block);
                    file.Flush(flushToDisk: true);
                    took.Add(Stopwatch.GetElapsedTime(start));
                }
            }

            took.Sort();
            var text = string.Create(CultureInfo.InvariantCulture, $"A write is on the disk after {took[Flushes / 2].TotalMilliseconds:0.0} ms (median), {took[^1].TotalMilliseconds:0.0} ms (worst of {Flushes}).");
            return took[Flushes / 2] > SlowFlush
                ? CheckResult.Warning(DiskName, text, "Use a faster disk, or one that fewer programs share: a takeover waits for it.")
                : CheckResult.Ok(DiskName, text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return CheckResult.Error(DiskName, $"It cannot be written: {e.Message}", "Give the service's account the right to write there; if the disk fails, replace it.");
        }
    }
}
