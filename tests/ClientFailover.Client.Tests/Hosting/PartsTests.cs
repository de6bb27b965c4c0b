using ClientFailover.Client.Connection;
using ClientFailover.Client.Hosting;
using NUnit.Framework;

namespace ClientFailover.Client.Tests.Hosting;

[TestFixture]
public sealed class PartsTests
{
    // An adapter that took up the buffer of another group's would send its data to the wrong destination.
    [Test]
    public void DirectoryOf_Default_OneForEachGroupAndSession()
    {
        var folders = new[] { ("G", "A"), ("H", "A"), ("G", "B"), ("A", "G"), ("A:B", "C"), ("A_B", "C") }.Select(i => Parts.DirectoryOf(Options(i.Item1, i.Item2)));

        Assert.That(folders, Is.Unique);
    }

    [Test]
    public void DirectoryOf_NoSessionId_ThatOfMachineAndProgram() =>
        Assert.That(Parts.DirectoryOf(Options("G", null)), Does.EndWith(Path.Combine("client-failover", "G", AdapterProgram.SessionId)));

    [Test]
    public void DirectoryOf_Configured_IsTaken()
    {
        var options = Options("G", "A");
        options.Buffer.Directory = "here";

        Assert.That(Parts.DirectoryOf(options), Is.EqualTo("here"));
        Assert.That(Parts.FormerDirectoryOf(options), Is.Null);
    }

    [TestCase("A", "A")]
    [TestCase("A/B", "A_B")]
    public void FormerDirectoryOf_Default_IsThatOfTheSession(string session, string folder) =>
        Assert.That(Parts.FormerDirectoryOf(Options("G", session)), Does.EndWith(Path.Combine("client-failover", folder)));

    private static FailoverOptions Options(string group, string? session) => new() { FailoverGroupId = group, SessionId = session };
}
