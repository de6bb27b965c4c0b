using System.Buffers;
using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Text.RegularExpressions;
using ClientFailover.Service.Hosting;

namespace ClientFailover.Service.Audit;

/// <summary>
/// Responsible for the files of the audit: <c>audit-20261124.log</c>, one a day (UTC), more (<c>audit-20261124.1.log</c>)
/// when it grows large. Several processes may append, one at a time: the service and commands. Nothing that is written is
/// changed any more; the oldest files go by age and by the size of all. One thread may append, any may clean.
/// </summary>
/// <param name="directory">The data directory.</param>
/// <param name="options">How much is kept, and for how long.</param>
/// <param name="time">The clock.</param>
internal sealed partial class AuditFolder(string directory, ServiceOptions options, TimeProvider time)
{
    /// <summary>Its name in the data directory.</summary>
    public const string Name = "audit";

    // Not the files themselves: whoever follows one with another program would keep the service from writing.
    private const string LockName = "audit.lock";

    private const int FilesInAll = 16;
    private const long Mebibyte = 1024 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly string _path = Path.Combine(directory, Name);
    private readonly string _lock = Path.Combine(directory, LockName);
    private readonly long _largestFile = Math.Max(options.AuditTotalSize * Mebibyte / FilesInAll, 64 * 1024);
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly Lock _gate = new();
    private DateTime _latest;
    private long _latestAt = time.GetTimestamp();

    /// <summary>Appends entries and flushes them to the disk: all of them, or none if it throws.</summary>
    /// <param name="records">The entries.</param>
    /// <exception cref="IOException">They cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">They may not be written.</exception>
    public void Append(IReadOnlyList<AuditRecord> records)
    {
        _buffer.ResetWrittenCount();
        foreach (var record in records)
        {
            AuditLine.Write(_buffer, record);
        }

        PrivateFiles.CreateDirectoryOfService(_path);
        using var alone = FileLock.Take(_lock, Patience) ?? throw new IOException($"Another process holds {_lock}.");
        using var file = Open(_buffer.WrittenCount);
        var end = file.Length;
        try
        {
            // A line that a kill or a power cut tore must not run into the next.
            if (end > 0 && !EndsLine(file))
            {
                file.Write("\n"u8);
            }

            file.Write(_buffer.WrittenSpan);
            file.Flush(flushToDisk: true);
        }
        catch (IOException)
        {
            file.SetLength(end);
            throw;
        }
    }

    /// <summary>Called to delete a file. Tests make it fail with this; not configurable.</summary>
    internal Action<FileInfo> Delete { get; init; } = static file => file.Delete();

    /// <summary>Deletes files that are too old, and the oldest until there is room for another file.</summary>
    /// <exception cref="IOException">One cannot be deleted; the others are.</exception>
    /// <exception cref="UnauthorizedAccessException">One may not be deleted.</exception>
    public void Clean()
    {
        if (!Directory.Exists(_path))
        {
            return;
        }

        var files = List();
        var oldest = Latest(files) - options.AuditRetention;
        var size = files.Sum(f => f.File.Length);
        Exception? failure = null;
        foreach (var (file, day, _) in files)
        {
            // A day is over when the next begins. That of today is never too old, and whoever makes room for it has it open.
            if (day.AddDays(1) <= oldest || (file != files[^1].File && size > (options.AuditTotalSize * Mebibyte) - _largestFile))
            {
                try
                {
                    var length = file.Length;
                    Delete(file);
                    size -= length;
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    failure ??= e;
                }
            }
        }

        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    /// <summary>
    /// The time that ages are judged by: now, but not later than the day of the newest earlier file was over and as much as has passed
    /// since that was found out. A clock that leaps months ahead, and may be set right in a minute, must not take everything away at once.
    /// </summary>
    private DateTime Latest(List<(FileInfo File, DateTime Day, int Number)> files)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var earlier = files.LastOrDefault(f => f.Day < now.Date);
        var known = earlier.File is null ? now : earlier.Day.AddDays(1);
        lock (_gate)
        {
            var at = time.GetTimestamp();
            var passed = _latest + time.GetElapsedTime(_latestAt, at);
            _latest = new DateTime(Math.Min(now.Ticks, Math.Max(known.Ticks, passed.Ticks)), DateTimeKind.Utc);
            _latestAt = at;
            return _latest;
        }
    }

    private static bool EndsLine(FileStream file)
    {
        file.Seek(-1, SeekOrigin.End);
        return file.ReadByte() == '\n';
    }

    private FileStream Open(int length)
    {
        var today = time.GetUtcNow().UtcDateTime.Date;
        var last = List().LastOrDefault(f => f.Day == today);
        for (var number = last.Number; ; number++)
        {
            var path = Path.Combine(_path, NameOf(today, number));
            var isNew = !File.Exists(path);
            var options = PrivateFiles.Options(FileMode.OpenOrCreate);
            options.Share = FileShare.Read | FileShare.Delete;
            var file = new FileStream(path, options);
            if (file.Length == 0 || file.Length + length <= _largestFile)
            {
                if (isNew)
                {
                    MakeRoom();
                }

                file.Seek(0, SeekOrigin.End);
                return file;
            }

            file.Dispose();
        }
    }

    private void MakeRoom()
    {
        try
        {
            Clean();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // An old file that cannot be deleted must not cost new entries. The hourly cleaning meets it, too, and says so.
        }
    }

    private List<(FileInfo File, DateTime Day, int Number)> List()
    {
        var files = new List<(FileInfo File, DateTime Day, int Number)>();
        foreach (var file in new DirectoryInfo(_path).EnumerateFiles())
        {
            if (TryRead(file.Name, out var day, out var number))
            {
                files.Add((file, day, number));
            }
        }

        return [.. files.OrderBy(f => f.Day).ThenBy(f => f.Number)];
    }

    private static string NameOf(DateTime day, int number) => number == 0
        ? string.Create(CultureInfo.InvariantCulture, $"audit-{day:yyyyMMdd}.log")
        : string.Create(CultureInfo.InvariantCulture, $"audit-{day:yyyyMMdd}.{number}.log");

    private static bool TryRead(string name, out DateTime day, out int number)
    {
        number = 0;
        day = default;
        var match = FileName().Match(name);
        return match.Success
            && DateTime.TryParseExact(match.Groups[1].ValueSpan, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day)
            && (!match.Groups[2].Success || int.TryParse(match.Groups[2].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out number));
    }

    [GeneratedRegex(@"^audit-(\d{8})(?:\.(\d{1,6}))?\.log$", RegexOptions.CultureInvariant)]
    private static partial Regex FileName();
}
