using System.Net;
using System.Text;
using System.Text.Json;
using ClientFailover.Service.Audit;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Tests.Health;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Audit;

public class AuditFolderTests
{
    private const int Mebibyte = 1024 * 1024;
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 23, 59, 0, TimeSpan.Zero);

    private TemporaryDirectory _directory = null!;
    private SetTime _time = null!;

    [SetUp]
    public void SetUp()
    {
        _directory = new TemporaryDirectory();
        _time = new SetTime(Start);
    }

    [TearDown]
    public void TearDown() => _directory.Dispose();

    [Test]
    public void Append_Entry_IsALineOfJson()
    {
        var entry = new AuditEntry(
            "GroupService.DeleteGroup", "default/default/Lïne \"1\"\n", AuditEntry.Done, "admin", IPAddress.Loopback, "detail", "0af7", "Basic");

        NewFolder().Append([new AuditRecord(Start, entry), new AuditRecord(Start, new AuditEntry("users.add", "x", "Done", null, null))]);

        Assert.That(Lines("audit-20261124.log"), Is.EqualTo(new[]
        {
            """{"Time":"2026-11-24T23:59:00Z","Who":"admin","Scheme":"Basic","From":"127.0.0.1","Action":"GroupService.DeleteGroup","Target":"default/default/Lïne \u00221\u0022\n","Result":"Done","Detail":"detail","OperationId":"0af7"}""",
            """{"Time":"2026-11-24T23:59:00Z","Action":"users.add","Target":"x","Result":"Done"}""",
        }));
    }

    [Test]
    public void Append_NextDay_GoesToItsOwnFile()
    {
        var folder = NewFolder();
        folder.Append([Record("a")]);
        _time.Advance(TimeSpan.FromMinutes(1));
        folder.Append([Record("b")]);

        Assert.That(Files(), Is.EqualTo(new[] { "audit-20261124.log", "audit-20261125.log" }));
        Assert.That(Targets("audit-20261125.log"), Is.EqualTo(new[] { "b" }));
    }

    [Test]
    public void Append_LargeFile_GoesOnInTheNext()
    {
        var folder = NewFolder();
        var large = new string('x', 40 * 1024);
        folder.Append([Record(large)]);
        folder.Append([Record(large)]);
        folder.Append([Record("small")]);

        Assert.That(Files(), Is.EqualTo(new[] { "audit-20261124.1.log", "audit-20261124.log" }));
        Assert.That(Targets("audit-20261124.1.log"), Is.EqualTo(new[] { large, "small" }), "Never back to an earlier one.");
    }

    [Test]
    public void Append_WithoutEnd_StaysWithinTheTotalSizeAndKeepsTheNewest()
    {
        var folder = NewFolder();
        for (var i = 0; i < 100; i++)
        {
            folder.Append([Record($"{i} {new string('x', 40 * 1024)}")]);
        }

        Assert.That(Size(), Is.InRange(Mebibyte / 2, Mebibyte));
        Assert.That(Files().SelectMany(Targets).Select(t => int.Parse(t.Split(' ')[0])), Has.Member(99).And.Not.Member(0));
    }

    [Test]
    public void Clean_OldFiles_GoAndOthersStay()
    {
        var folder = NewFolder();
        folder.Append([Record("old")]);
        File.WriteAllText(_directory.File("audit", "notes.txt"), "somebody's");
        _time.Advance(TimeSpan.FromDays(89));
        folder.Append([Record("new")]);
        _time.Advance(TimeSpan.FromDays(1));
        folder.Append([Record("newer")]);
        Assert.That(Files(), Has.Length.EqualTo(4), "What was written last that day is not too old yet.");

        _time.Advance(TimeSpan.FromMinutes(2));
        folder.Clean();

        Assert.That(Files(), Is.EqualTo(new[] { "audit-20270221.log", "audit-20270222.log", "notes.txt" }));
    }

    [Test]
    public void Clean_ClockLeapsAhead_TakesNothingAway()
    {
        var folder = NewFolder();
        for (var day = 0; day < 3; day++)
        {
            folder.Append([Record("real")]);
            _time.Advance(TimeSpan.FromDays(1));
        }

        _time.Set(TimeSpan.FromDays(1000));
        folder.Append([Record("leapt")]);
        folder.Clean();

        Assert.That(Files(), Is.EqualTo(new[] { "audit-20261124.log", "audit-20261125.log", "audit-20261126.log", "audit-20290823.log" }));
    }

    [Test]
    public void Clean_NothingIsRecordedForLong_AllGoWhenTheyAreTooOld()
    {
        var folder = NewFolder();
        folder.Append([Record("a")]);
        _time.Advance(TimeSpan.FromDays(1));
        folder.Append([Record("b")]);

        _time.Advance(TimeSpan.FromDays(89));
        folder.Clean();
        Assert.That(Files(), Is.EqualTo(new[] { "audit-20261124.log", "audit-20261125.log" }));
        _time.Advance(TimeSpan.FromMinutes(1));
        folder.Clean();
        Assert.That(Files(), Is.EqualTo(new[] { "audit-20261125.log" }));
        _time.Advance(TimeSpan.FromDays(1));
        folder.Clean();
        Assert.That(Files(), Is.Empty);
    }

    [Test]
    public void Clean_ClockLeapsAheadAndNothingIsRecorded_CountsWhatPassesOnly()
    {
        var folder = NewFolder();
        folder.Append([Record("a")]);
        _time.Advance(TimeSpan.FromDays(1));
        folder.Append([Record("b")]);
        _time.Set(TimeSpan.FromDays(1000));

        folder.Clean();
        _time.Advance(TimeSpan.FromDays(88));
        folder.Clean();
        Assert.That(Files(), Is.EqualTo(new[] { "audit-20261124.log", "audit-20261125.log" }));
        _time.Advance(TimeSpan.FromDays(1));
        folder.Clean();
        Assert.That(Files(), Is.EqualTo(new[] { "audit-20261125.log" }));
    }

    [Test]
    public void Append_OldFileCannotBeDeleted_LosesNothingAndTheOthersGo()
    {
        var folder = new AuditFolder(_directory.Path, new ServiceOptions { AuditTotalSize = 1 }, _time)
        {
            Delete = f =>
            {
                if (f.Name == "audit-20261124.log")
                {
                    throw new UnauthorizedAccessException("Somebody's.");
                }

                f.Delete();
            },
        };
        for (var day = 0; day < 100; day++)
        {
            folder.Append([Record($"{day}")]);
            _time.Advance(TimeSpan.FromDays(1));
        }

        Assert.Throws<UnauthorizedAccessException>(folder.Clean);
        var kept = Files().SelectMany(Targets).Select(int.Parse).Order().ToList();
        Assert.That(kept, Is.EqualTo(Enumerable.Range(10, 90).Prepend(0)), "It is still there, and none that is not too old is missing.");
    }

    [Test]
    public void Append_AfterATornLine_BeginsANewOne()
    {
        var folder = NewFolder();
        folder.Append([Record("a")]);
        File.AppendAllText(_directory.File("audit", "audit-20261124.log"), """{"Time":"20""");

        folder.Append([Record("b")]);

        var lines = Lines("audit-20261124.log");
        Assert.That(lines, Has.Length.EqualTo(3));
        Assert.That(JsonDocument.Parse(lines[2]).RootElement.GetProperty("Target").GetString(), Is.EqualTo("b"));
    }

    [Test]
    public void Append_FromManyAtOnce_LosesAndTearsNone()
    {
        Parallel.For(0, 8, i =>
        {
            var folder = NewFolder();
            for (var n = 0; n < 25; n++)
            {
                folder.Append([Record($"{i}.{n}")]);
            }
        });

        Assert.That(Targets("audit-20261124.log"), Is.EquivalentTo(
            Enumerable.Range(0, 8).SelectMany(i => Enumerable.Range(0, 25).Select(n => $"{i}.{n}"))));
    }

    [Test]
    public void Append_WhileSomebodyFollowsTheFile_IsSeenThere()
    {
        var folder = NewFolder();
        folder.Append([Record("a")]);
        using var follower = new StreamReader(new FileStream(
            _directory.File("audit", "audit-20261124.log"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        follower.ReadToEnd();

        folder.Append([Record("b")]);

        Assert.That(follower.ReadToEnd(), Does.Contain("\"b\"").And.Not.Contain("\"a\""));
    }

    [Test]
    public void Append_Directory_IsForTheAccountAlone()
    {
        NewFolder().Append([Record("a")]);

        if (!OperatingSystem.IsWindows())
        {
            Assert.That(File.GetUnixFileMode(_directory.File("audit")), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
            Assert.That(
                File.GetUnixFileMode(_directory.File("audit", "audit-20261124.log")), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        }
    }

    private AuditFolder NewFolder() => new(_directory.Path, new ServiceOptions { AuditTotalSize = 1 }, _time);

    private AuditRecord Record(string target) => new(_time.GetUtcNow(), new AuditEntry("test", target, AuditEntry.Done, null, null));

    private string[] Files() => [.. Directory.GetFiles(_directory.File("audit")).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    private long Size() => new DirectoryInfo(_directory.File("audit")).EnumerateFiles().Sum(f => f.Length);

    private string[] Lines(string name) => File.ReadAllText(_directory.File("audit", name), Encoding.UTF8).TrimEnd('\n').Split('\n');

    private IEnumerable<string> Targets(string name) =>
        Lines(name).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("Target").GetString()!);
}
