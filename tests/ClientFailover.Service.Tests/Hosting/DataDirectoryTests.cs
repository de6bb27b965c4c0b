using System.Runtime.Versioning;
using ClientFailover.Service.Hosting;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Hosting;

public class DataDirectoryTests
{
    private TemporaryDirectory _directory = null!;

    [SetUp]
    public void SetUp() => _directory = new TemporaryDirectory();

    [TearDown]
    public void TearDown() => _directory.Dispose();

    [Test]
    public void Open_NoDirectory_CreatesItForTheAccountAlone()
    {
        using var data = DataDirectory.Open(_directory.File("a", "b"));

        Assert.That(data.Path, Is.EqualTo(_directory.File("a", "b")));
        Assert.That(data.IsPrivate, Is.True);
        if (!OperatingSystem.IsWindows())
        {
            Assert.That((int)File.GetUnixFileMode(data.Path), Is.EqualTo(Convert.ToInt32("700", 8)));
            Assert.That((int)File.GetUnixFileMode(data.File("service.lock")), Is.EqualTo(Convert.ToInt32("600", 8)));
        }
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "Unix modes.")]
    [UnsupportedOSPlatform("windows")]
    public void Open_DirectoryOpenToOthers_IsLeftAloneAndTold()
    {
        var path = _directory.File("shared");
        Directory.CreateDirectory(path);
        var mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead;
        File.SetUnixFileMode(path, mode);

        using var data = DataDirectory.Open(path);

        Assert.That(data.IsPrivate, Is.False);
        Assert.That(File.GetUnixFileMode(path), Is.EqualTo(mode));
    }

    [Test]
    public void Open_AlreadyOpen_IsRefused()
    {
        using var first = DataDirectory.Open(_directory.Path);

        var refusal = Assert.Throws<StartupException>(() => DataDirectory.Open(_directory.Path))!;

        Assert.That(refusal.ExitCode, Is.EqualTo(ExitCodes.DataDirectoryInUse));
        Assert.That(refusal.Message, Does.Contain(_directory.Path));
    }

    [Test]
    public void Open_OtherInstanceEndsMeanwhile_Succeeds()
    {
        var first = DataDirectory.Open(_directory.Path);
        var time = new SkippingTime(waited =>
        {
            if (waited >= TimeSpan.FromSeconds(9))
            {
                first.Dispose();
            }
        });

        Assert.DoesNotThrow(() => DataDirectory.Open(_directory.Path, DataDirectory.Patience, time).Dispose());
        Assert.That(time.Passed, Is.EqualTo(TimeSpan.FromSeconds(9)));
    }

    [Test]
    public void Open_OtherInstanceStays_IsRefusedWhenPatienceIsAtItsEnd()
    {
        using var first = DataDirectory.Open(_directory.Path);
        var time = new SkippingTime(_ => { });

        var refusal = Assert.Throws<StartupException>(() => DataDirectory.Open(_directory.Path, DataDirectory.Patience, time))!;

        Assert.That((refusal.ExitCode, time.Passed), Is.EqualTo((ExitCodes.DataDirectoryInUse, TimeSpan.FromSeconds(10))));
    }

    [Test]
    public void Open_AfterDispose_Succeeds()
    {
        DataDirectory.Open(_directory.Path).Dispose();

        Assert.DoesNotThrow(() => DataDirectory.Open(_directory.Path).Dispose());
    }

    [Test]
    public void Open_BelowAFile_IsRefused()
    {
        File.WriteAllText(_directory.File("file"), string.Empty);

        var refusal = Assert.Throws<StartupException>(() => DataDirectory.Open(_directory.File("file", "below")))!;

        Assert.That(refusal.ExitCode, Is.EqualTo(ExitCodes.DataDirectoryNotUsable));
    }
}
