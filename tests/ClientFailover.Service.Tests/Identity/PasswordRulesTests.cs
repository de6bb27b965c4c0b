using ClientFailover.Service.Identity;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Identity;

public class PasswordRulesTests
{
    [TestCase("twelve chars")]
    [TestCase("ünïcödé pässwörd")]
    [TestCase("🔑🔑🔑🔑🔑🔑🔑🔑🔑🔑🔑🔑", Description = "Twelve characters of two units each")]
    [TestCase("            ", Description = "Blanks count")]
    public void Problem_PrintableAndLongEnough_IsNone(string password) =>
        Assert.That(PasswordRules.Problem("adapter", password), Is.Null);

    [Test]
    public void Problem_Length_IsTwelveToAHundredAndTwentyEight()
    {
        Assert.That(PasswordRules.Problem("a", new string('x', 11)), Does.Contain("12 to 128"));
        Assert.That(PasswordRules.Problem("a", new string('x', 12)), Is.Null);
        Assert.That(PasswordRules.Problem("a", new string('x', 128)), Is.Null);
        Assert.That(PasswordRules.Problem("a", new string('x', 129)), Does.Contain("12 to 128"));
        Assert.That(PasswordRules.Problem("a", "🔑🔑🔑🔑🔑🔑"), Does.Contain("6 characters"), "Halves do not count twice.");
    }

    [TestCase("has a\ttabulator")]
    [TestCase("has a line\u2028separator")]
    [TestCase("has half a \ud83d character")]
    public void Problem_NotPrintable_IsTold(string password) =>
        Assert.That(PasswordRules.Problem("adapter", password), Does.Contain("cannot be printed").And.Not.Contain(password));

    [Test]
    public void Problem_TheName_IsTold() =>
        Assert.That(PasswordRules.Problem("adapter-line-1", "Adapter-Line-1"), Does.Contain("name of the account"));
}
