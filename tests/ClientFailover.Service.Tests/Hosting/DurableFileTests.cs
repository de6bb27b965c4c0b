using ClientFailover.Service.Hosting;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Hosting;

public class DurableFileTests
{
    private TemporaryDirectory _directory = null!;

    [SetUp]
    public void SetUp() => _directory = new TemporaryDirectory();

    [TearDown]
    public void TearDown() => _directory.Dispose();

    [TestCase(false, "600")]
    [TestCase(true, "644")]
    public void Write_NewFile_HasContentAndMode(bool isPublic, string mode)
    {
        DurableFile.Write(_directory.File("a"), "ä", isPublic);

        Assert.That(File.ReadAllText(_directory.File("a")), Is.EqualTo("ä"));
        if (!OperatingSystem.IsWindows())
        {
            Assert.That((int)File.GetUnixFileMode(_directory.File("a")), Is.EqualTo(Convert.ToInt32(mode, 8)));
        }
    }

    [Test]
    public void Write_ExistingFileAndLeftover_ReplacesBoth()
    {
        File.WriteAllText(_directory.File("a"), "old, and longer");
        File.WriteAllText(_directory.File("a.new"), "left by a crash");

        DurableFile.Write(_directory.File("a"), "new");

        Assert.That(File.ReadAllText(_directory.File("a")), Is.EqualTo("new"));
        Assert.That(Directory.GetFiles(_directory.Path), Is.EqualTo(new[] { _directory.File("a") }));
    }
}
