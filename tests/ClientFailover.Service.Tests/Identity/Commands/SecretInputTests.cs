using System.Text;
using ClientFailover.Service.Identity.Commands;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Identity.Commands;

public class SecretInputTests
{
    [TestCase("secret", "secret")]
    [TestCase("secret\n", "secret")]
    [TestCase("secret\r\nmore\n", "secret")]
    [TestCase(" with blanks \n", " with blanks ")]
    [TestCase("ünïcödé\n", "ünïcödé")]
    [TestCase("\n", "")]
    public void ReadLine_Input_IsTheFirstLine(string input, string expected) =>
        Assert.That(SecretInput.ReadLine(new MemoryStream(Encoding.UTF8.GetBytes(input))), Is.EqualTo(expected));

    [Test]
    public void ReadLine_NoInput_IsTold() => Assert.Throws<SecretInputException>(() => SecretInput.ReadLine(Stream.Null));

    [Test]
    public void ReadLine_NotUtf8_IsTold() => Assert.Throws<SecretInputException>(() => SecretInput.ReadLine(new MemoryStream([0xFF, 0x0A])));
}
