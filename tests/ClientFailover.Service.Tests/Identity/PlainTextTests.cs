using ClientFailover.Service.Identity;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Identity;

public sealed class PlainTextTests
{
    [TestCase("auth0|jürgen:1", "auth0|jürgen:1")]
    [TestCase("a\nb\u202Ec\u2028d\u009Be", "a?b?c?d?e")]
    public void Of_Name_HasNothingThatMovesTheLine(string name, string plain) => Assert.That(PlainText.Of(name), Is.EqualTo(plain));

    [Test]
    public void Of_Long_IsCut() => Assert.That(PlainText.Of(new string('x', 300)), Has.Length.EqualTo(256));
}
