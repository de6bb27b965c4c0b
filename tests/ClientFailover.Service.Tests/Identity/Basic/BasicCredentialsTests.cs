using System.Text;
using ClientFailover.Service.Identity.Basic;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Identity.Basic;

public class BasicCredentialsTests
{
    [TestCase("name:password", "name", "password")]
    [TestCase("name:pass:word", "name", "pass:word")]
    [TestCase("name:", "name", "")]
    [TestCase("DOMAIN\\user:p", "DOMAIN\\user", "p")]
    [TestCase("jürgen:pässword", "jürgen", "pässword")]
    public void TryRead_WellFormed_HasNameAndPassword(string text, string name, string password)
    {
        Assert.That(BasicCredentials.TryRead(Header(text), out var credentials), Is.True);
        Assert.That(credentials, Is.EqualTo(new BasicCredentials(name, password)));
    }

    [Test]
    public void TryRead_BlanksAndCaseOfTheScheme_DoNotMatter()
    {
        var header = "bAsIc   " + Convert.ToBase64String("a:b"u8) + " ";

        Assert.That(BasicCredentials.TryRead(header, out _), Is.True);
    }

    [TestCase("no colon")]
    [TestCase(":no name")]
    [TestCase("na\nme:control")]
    [TestCase("\u009B31mRED:c1 control")]
    [TestCase("a\u2028b:line separator")]
    [TestCase("a\u2029b:paragraph separator")]
    [TestCase("a\u007Fb:delete")]
    [TestCase("a\u202Eb:writing turned round")]
    [TestCase("")]
    public void TryRead_NoNameThatAnAccountCanHave_IsMalformed(string text) =>
        Assert.That(BasicCredentials.TryRead(Header(text), out _), Is.False);

    [Test]
    public void TryRead_NoBase64_IsMalformed() => Assert.That(BasicCredentials.TryRead("Basic ***", out _), Is.False);

    [Test]
    public void TryRead_NoUtf8_IsMalformed() =>
        Assert.That(BasicCredentials.TryRead("Basic " + Convert.ToBase64String([0x61, 0x3A, 0xFF]), out _), Is.False);

    [Test]
    public void TryRead_Oversized_IsMalformed() =>
        Assert.That(BasicCredentials.TryRead(Header("a:" + new string('x', 4096)), out _), Is.False);

    [Test]
    public void ToString_Always_KeepsThePasswordBack() =>
        Assert.That(new BasicCredentials("name", "secret").ToString(), Is.EqualTo("name"));

    [TestCase(256, true)]
    [TestCase(257, false)]
    public void TryRead_LongName_IsAsLongAsAnAccountsAtMost(int length, bool expected) =>
        Assert.That(BasicCredentials.TryRead(Header(new string('x', length) + ":p"), out _), Is.EqualTo(expected));

    private static string Header(string text) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
