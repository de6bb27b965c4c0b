using ClientFailover.Service.Hosting;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Hosting;

public class DefaultDataDirectoryTests
{
    [TestCase(true, "/state", "/home/a", "/var/lib/client-failover")]
    [TestCase(false, "/state", "/home/a", "/state/client-failover")]
    [TestCase(false, "relative", "/home/a", "/home/a/.local/state/client-failover")]
    [TestCase(false, null, "/home/a", "/home/a/.local/state/client-failover")]
    [TestCase(false, "", "", "")]
    [Platform(Exclude = "Win", Reason = "Paths are composed for Unix.")]
    public void ForUnix_AccountAndVariables_IsWhereItBelongs(bool isRoot, string? stateHome, string? home, string expected) =>
        Assert.That(DefaultDataDirectory.ForUnix(isRoot, stateHome, home), Is.EqualTo(expected));

    [Test]
    public void Find_ThisAccount_IsAbsolute() => Assert.That(Path.IsPathRooted(DefaultDataDirectory.Find()), Is.True);
}
