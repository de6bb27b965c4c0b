using ClientFailover.Service.Identity;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Identity;

public sealed class CallerSchemesTests
{
    private static readonly CallerSchemes Schemes = new([new Scheme("Basic"), new Scheme("Bearer")], []);

    [TestCase("Basic x", "Basic")]
    [TestCase("bAsIc   x", "Basic")]
    [TestCase("Bearer x", "Bearer")]
    [TestCase("Bearer ", "Bearer")]
    [TestCase("Bearer", null)]
    [TestCase("Bearerx y", null)]
    [TestCase("Negotiate x", null)]
    [TestCase(" Basic x", null)]
    [TestCase("", null)]
    [TestCase(null, null)]
    public void Find_Header_IsItsSchemeIfEnabled(string? header, string? scheme) => Assert.That(Schemes.Find(header)?.Name, Is.EqualTo(scheme));

    [TestCase("Basic,Bearer", "Bearer", true)]
    [TestCase(" basic ; BEARER ", "Bearer", true)]
    [TestCase("Basic", "Bearer", false)]
    [TestCase("", "Basic", false)]
    public void Enables_Setting_IsReadWithoutRegardToCase(string setting, string scheme, bool enabled) =>
        Assert.That(SchemeNames.Enables(setting, scheme), Is.EqualTo(enabled));

    private sealed class Scheme(string name) : ICallerScheme
    {
        public string Name => name;

        public string Challenge => name;

        public ValueTask<LogonOutcome> LogOnAsync(HttpContext http, string header) => new(LogonOutcome.Refused);

        public bool IsStillGood(VerifiedCredential credential) => false;

        public void Refresh()
        {
        }
    }
}
