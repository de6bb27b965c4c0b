using ClientFailover.Service.Hosting;
using ClientFailover.Service.Logging;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using Serilog.Events;
using Serilog.Parsing;

namespace ClientFailover.Service.Tests.Logging;

public sealed class LogFileTests
{
    private const int Mebibyte = 1024 * 1024;

    private readonly FakeTimeProvider _time = new();
    private readonly RecordingLogger<LogFile> _log = new();
    private TemporaryDirectory _directory = null!;

    private string Folder => _directory.File(LogFile.DirectoryName);

    [SetUp]
    public void SetUp()
    {
        _directory = new TemporaryDirectory();
        _log.Clear();
    }

    [TearDown]
    public void TearDown() => _directory.Dispose();

    [Test]
    public void Emit_ALine_IsInTheFileAtOnce()
    {
        using var file = Open(new ServiceOptions());

        file.Emit(Line("first"));
        Assert.That(Read().Single(), Does.Contain("first"));
        file.Emit(Line("second"));
        Assert.That(Read().Last(), Does.Contain("second"));
        Assert.That(Path.GetFileName(Files().Single()), Does.Match(@"^client-failover-\d{8}\.log$"));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "There rights are inherited.")]
    public void Emit_TheFirstLine_MakesAFolderForTheAccountAlone()
    {
        using var file = Open(new ServiceOptions());

        file.Emit(Line("first"));

        Assert.That(PrivateFiles.IsPrivate(Folder), Is.True);
    }

    [Test]
    public void Emit_MoreThanTheyMayHold_KeepsTheNewestFilesOnly()
    {
        const int count = 3;
        const int lines = 5 * 16;
        var text = new string('x', Mebibyte / 16);
        using var file = Open(new ServiceOptions { LogFileSize = 1, LogFileCount = count });

        for (var i = 0; i < lines; i++)
        {
            file.Emit(Line($"line {i} {text}"));
        }

        var files = Files();
        Assert.That(files, Has.Count.EqualTo(count));
        Assert.That(files.Select(f => new FileInfo(f).Length), Is.All.LessThan(Mebibyte + text.Length + 200));
        Assert.That(Read().Last(), Does.Contain($"line {lines - 1} "));
        Assert.That(Read(), Has.None.Contains("line 0 "));
    }

    [Test]
    public void Emit_FolderThatCannotBeUsed_IsToldOnceAndTriedAgain()
    {
        File.WriteAllText(Folder, "in the way");
        using var file = Open(new ServiceOptions());
        for (var i = 0; i < 10; i++)
        {
            file.Emit(Line("lost"));
        }

        Assert.That(_log.Entries.Select(e => (e.Level, e.Id)), Is.EqualTo(new[] { (LogLevel.Error, 8100) }));
        File.Delete(Folder);
        file.Emit(Line("too early"));
        _time.Advance(LogFile.RetryInterval);
        file.Emit(Line("there"));

        Assert.That(_log.Entries.Select(e => e.Id), Is.EqualTo(new[] { 8100, 8101 }));
        Assert.That(_log.Entries.Last().Text, Does.EndWith("11 lines are missing in them"));
        Assert.That(Read().Single(), Does.Contain("there"));
    }

    [Test]
    public void Emit_TroubleThatGoesOn_IsNotToldAgain()
    {
        File.WriteAllText(Folder, "in the way");
        using var file = Open(new ServiceOptions());
        for (var i = 0; i < 5; i++)
        {
            file.Emit(Line("lost"));
            _time.Advance(LogFile.RetryInterval);
        }

        Assert.That(_log.Entries, Has.Count.EqualTo(1));
    }

    [Test]
    public void Emit_AfterATornLine_BeginsALineOfItsOwn()
    {
        using (var file = Open(new ServiceOptions()))
        {
            file.Emit(Line("whole"));
        }

        File.AppendAllText(Files().Single(), "torn");
        using (var file = Open(new ServiceOptions()))
        {
            file.Emit(Line("next"));
        }

        var lines = Read();
        Assert.That(lines, Has.Count.EqualTo(3));
        Assert.That((lines[1], lines[2].Contains("next", StringComparison.Ordinal)), Is.EqualTo(("torn", true)));
    }

    private static LogEvent Line(string text) => new(
        new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), LogEventLevel.Information, null, new MessageTemplateParser().Parse(text), []);

    private LogFile Open(ServiceOptions options) => new(Folder, options, _time, () => _log);

    private List<string> Files() => [.. Directory.GetFiles(Folder).Order(StringComparer.Ordinal)];

    private List<string> Read() => [.. Files().SelectMany(ReadLines)];

    private static IEnumerable<string> ReadLines(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
