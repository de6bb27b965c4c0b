using ClientFailover.Service.Hosting;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Hosting;

public sealed class IdentityRulesTests
{
    private static readonly ServiceOptions Bearer = new()
    {
        AuthenticationSchemes = "Basic,Bearer",
        BearerAuthority = "https://login.example/realm",
        BearerAudience = "failover",
    };

    private static IEnumerable<TestCaseData> Mistakes()
    {
        yield return Case(new() { AuthenticationSchemes = " , " }, "AuthenticationSchemes is ' , '; it must name one at least of Basic, Bearer, Negotiate, Certificate.");
        yield return Case(new() { AuthenticationSchemes = "Basic,Digest" }, "AuthenticationSchemes names 'Digest'; there are Basic, Bearer, Negotiate, Certificate.");
        yield return Case(new() { AuthenticationSchemes = "Basic;basic" }, "AuthenticationSchemes names 'Basic' more than once.");
        yield return Case(
            Bearer with { BearerAuthority = "" },
            "BearerAuthority must be set: AuthenticationSchemes names Bearer, and tokens are judged by what their provider publishes.");
        yield return Case(Bearer with { BearerAuthority = "login" }, "BearerAuthority is 'login'; it must be an https address without user, query and fragment.");
        yield return Case(
            Bearer with { BearerAuthority = "https://a/?x" }, "BearerAuthority is 'https://a/?x'; it must be an https address without user, query and fragment.");
        yield return Case(
            Bearer with { BearerAuthority = "http://a" },
            "BearerAuthority is 'http://a'; without encryption anybody in between can issue tokens. It must be an https address, unless BearerRequireHttps is false.");
        yield return Case(Bearer with { BearerAudience = "" }, "BearerAudience must be set: else tokens that were issued for other services would be taken.");
        yield return Case(Bearer with { BearerRoleClaim = "" }, "BearerRoleClaim must be set: it names the claim that tells a caller's roles.");
        yield return Case(
            Bearer with { BearerClockSkew = TimeSpan.FromMinutes(6) }, "BearerClockSkew is 00:06:00; it must be between 00:00:00 and 00:05:00.");
        yield return Case(
            Bearer with { BearerUsers = ";", BearerAdministrators = "" }, "BearerUsers or BearerAdministrators must be set: else nobody would have a role.");
        yield return Case(
            new() { AuthenticationSchemes = "Certificate", ClientCertificateUsers = "CN=a" },
            "ClientCertificateIssuers must be set: AuthenticationSchemes names Certificate, and only issuers that are named are trusted.");
        yield return Case(
            new() { AuthenticationSchemes = "Negotiate" }, "NegotiateUsers or NegotiateAdministrators must be set: else nobody would have a role.");
        yield return Case(
            new() { AuthenticationSchemes = "Negotiate", NegotiateUsers = "a@B", NegotiateKeytab = "no such file" },
            "NegotiateKeytab is 'no such file'; there is no such file.");
    }

    [TestCaseSource(nameof(Mistakes))]
    public void Check_OneMistake_IsReportedAlone(object options, string mistake)
    {
        var mistakes = new List<string>();

        IdentityRules.Check((ServiceOptions)options, mistakes);

        Assert.That(mistakes, Is.EqualTo(new[] { mistake }));
    }

    [Test]
    public void Check_GoodSettings_AreGood()
    {
        var mistakes = new List<string>();

        IdentityRules.Check(new(), mistakes);
        IdentityRules.Check(Bearer, mistakes);
        IdentityRules.Check(Bearer with { BearerAuthority = "http://127.0.0.1:1", BearerRequireHttps = false }, mistakes);

        Assert.That(mistakes, Is.Empty);
    }

    [Test]
    public void Check_EverythingOfASchemeThatIsNotEnabled_DoesNotMatter()
    {
        var mistakes = new List<string>();

        IdentityRules.Check(Bearer with { AuthenticationSchemes = "Basic", BearerAuthority = "x" }, mistakes);

        Assert.That(mistakes, Is.Empty);
    }

    private static TestCaseData Case(ServiceOptions options, string mistake) => new TestCaseData(options, mistake).SetArgDisplayNames(mistake);
}
