using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using NUnit.Framework;

namespace ClientFailover.Client.Tests.Connection;

/// <summary>Reading and checking the facet.</summary>
[TestFixture]
public sealed class OptionsTests
{
    private const string Secret = "s3cr3t-planted";

    [Test]
    public void Load_FacetAsInTheField_IsTaken()
    {
        var options = FailoverOptions.Load(Json("""
            {
              "failoverGroupId": "G", "NAME": "n", "Description": "d", "FailoverTimeout": "00:00:30", "Mode": "warm",
              "Endpoint": "https://host:5590/api/v1/clientfailover", "UserName": "u", "Password": "p", "ClientId": null, "ClientSecret": null,
              "TokenEndpoint": null, "ValidateEndpointCertificate": false, "AdditionalEndpoints": ["https://other:5590/api/v1/clientfailover"],
              "Transport": "Rest", "OnServiceLost": "StepDown", "Buffer": { "MaxSize": 2097152 }
            }
            """));

        Assert.That(options.FailoverGroupId, Is.EqualTo("G"));
        Assert.That(options.Name, Is.EqualTo("n"));
        Assert.That(options.FailoverTimeout, Is.EqualTo(TimeSpan.FromSeconds(30)));
        Assert.That(options.Mode, Is.EqualTo(FailoverMode.Warm));
        Assert.That(options.Endpoint, Is.EqualTo(new Uri("https://host:5590/api/v1/clientfailover")));
        Assert.That(options.AdditionalEndpoints, Is.EqualTo(new[] { new Uri("https://other:5590/api/v1/clientfailover") }));
        Assert.That((options.UserName, options.Password, options.ClientId), Is.EqualTo(("u", "p", (string?)null)));
        Assert.That(options.ValidateEndpointCertificate, Is.False);
        Assert.That((options.Transport, options.OnServiceLost), Is.EqualTo((FailoverTransport.Rest, OnServiceLost.StepDown)));
        Assert.That(options.Buffer.MaxSize, Is.EqualTo(2097152));
    }

    [Test]
    public void Load_Nothing_SaysAllThatIsRequired()
    {
        var failure = Assert.Throws<OptionsValidationException>(() => FailoverOptions.Load(Json("{}")))!;

        Assert.That(failure.Failures.Select(FirstWord), Is.EqualTo(new[] { "FailoverGroupId", "Endpoint" }));
    }

    [Test]
    public void Load_UnreadableAndWrong_SaysAllAndNoValues()
    {
        var failure = Assert.Throws<OptionsValidationException>(() => FailoverOptions.Load(Json($$"""
            {
              "FailoverGroupId": "a/b", "FailoverTimeout": "{{Secret}}", "Mode": "Tepid", "Endpoint": "ftp://host",
              "UserName": "u", "ClientSecret": "{{Secret}}"
            }
            """)))!;

        Assert.That(
            failure.Failures.Select(FirstWord),
            Is.EquivalentTo(new[] { "FailoverTimeout", "Mode", "FailoverGroupId", "Endpoint", "UserName" }));
        Assert.That(failure.ToString(), Does.Not.Contain(Secret));
    }

    [Test]
    public void Load_NamesThatAreNone_AreToldWithThoseThatAre()
    {
        var failure = Assert.Throws<OptionsValidationException>(() => FailoverOptions.Load(Json($$"""
            {
              "FailoverGroupId": "G", "Endpoint": "https://host/", "OnServiceLoss": "StepDown", "Pasword": "{{Secret}}",
              "Buffer": { "MaxSze": 2097152 }, "AdditionalEndpoints": ["https://other/"]
            }
            """)))!;

        Assert.That(failure.Failures.Select(FirstWord), Is.EquivalentTo(new[] { "OnServiceLoss", "Pasword", "Buffer.MaxSze" }));
        Assert.That(failure.ToString(), Does.Contain("OnServiceLost").And.Contain("MaxSize").And.Not.Contain(Secret));
    }

    [TestCase(nameof(FailoverOptions.UserName))]
    [TestCase(nameof(FailoverOptions.Password))]
    [TestCase(nameof(FailoverOptions.ClientId))]
    [TestCase(nameof(FailoverOptions.ClientSecret))]
    public void Check_HalfOfAPair_IsWrong(string member)
    {
        var options = Valid();
        typeof(FailoverOptions).GetProperty(member)!.SetValue(options, "x");

        Assert.That(FailoverOptionsRules.Check(options).Count(), Is.EqualTo(1));
    }

    [Test]
    public void Check_BothPairs_ExcludeEachOther()
    {
        var options = Valid();
        (options.UserName, options.Password, options.ClientId, options.ClientSecret) = ("u", Secret, "c", Secret);

        var mistake = FailoverOptionsRules.Check(options).Single();

        Assert.That(mistake, Does.Contain("both set").And.Not.Contain(Secret));
    }

    [TestCase("00:00:00", false)]
    [TestCase("-00:00:01", false)]
    [TestCase("00:00:00.2", true)]
    [TestCase("1.00:00:00", true)]
    [TestCase("1.00:00:01", false)]
    public void Check_FailoverTimeout_MustBeAboveZeroAndAtMostADay(string timeout, bool allowed)
    {
        var options = Valid();
        options.FailoverTimeout = TimeSpan.Parse(timeout, null);
        options.Buffer.MaxAge = TimeSpan.FromDays(10);

        Assert.That(FailoverOptionsRules.Check(options).Any(), Is.Not.EqualTo(allowed));
    }

    [TestCase("G", true)]
    [TestCase("Größe 1:2(3)+é", true)]
    [TestCase("😀", true)]
    [TestCase(" a", false)]
    [TestCase("a ", false)]
    [TestCase("a\tb", false)]
    [TestCase("..", false)]
    [TestCase("a%b", false)]
    [TestCase("a#b", false)]
    public void Check_GroupId_FollowsTheServicesRules(string id, bool allowed)
    {
        var options = Valid();
        options.FailoverGroupId = id;

        Assert.That(FailoverOptionsRules.Check(options).Any(), Is.Not.EqualTo(allowed));
    }

    [Test]
    public void Check_HalfOfACharacter_IsRefused([Values("", "x")] string before, [Values(0xD83D, 0xDC00)] int half, [Values("", "x")] string after)
    {
        var options = Valid();
        options.FailoverGroupId = before + (char)half + after;

        Assert.That(FailoverOptionsRules.Check(options), Is.Not.Empty);
    }

    [Test]
    public void Check_LongestId_IsAllowedAndNoLonger()
    {
        var options = Valid();
        options.SessionId = new string('x', 256);
        Assert.That(FailoverOptionsRules.Check(options), Is.Empty);

        options.SessionId += "x";
        Assert.That(FailoverOptionsRules.Check(options), Is.Not.Empty);
    }

    [TestCase("https://user:s3cr3t-planted@host/api/v1/clientfailover")]
    [TestCase("https://host/api?key=s3cr3t-planted")]
    [TestCase("/relative/s3cr3t-planted")]
    public void Check_EndpointWithMore_IsWrongAndNotTold(string endpoint)
    {
        var options = Valid();
        options.Endpoint = new Uri(endpoint, UriKind.RelativeOrAbsolute);

        Assert.That(FailoverOptionsRules.Check(options).Single(), Does.StartWith("Endpoint").And.Not.Contain(Secret));
    }

    [Test]
    public void Check_FilesThatAreNotThere_AreNamed()
    {
        var options = Valid();
        options.TrustedCertificateFile = "/nowhere/ca.pem";
        options.ClientCertificateKeyFile = "/nowhere/key.pem";

        Assert.That(
            FailoverOptionsRules.Check(options).Select(FirstWord),
            Is.EqualTo(new[] { "TrustedCertificateFile", "ClientCertificateKeyFile", "ClientCertificateKeyFile" }));
    }

    [Test]
    public void Check_BufferTooSmallAndTooYoung_AreBothTold()
    {
        var options = Valid();
        options.Buffer = new BufferOptions { MaxSize = 1, MaxAge = TimeSpan.FromSeconds(90) };

        Assert.That(FailoverOptionsRules.Check(options).Select(FirstWord), Is.EqualTo(new[] { "Buffer.MaxSize", "Buffer.MaxAge" }));
    }

    [Test]
    public void New_WrongOptions_ThrowsWithAllMistakes()
    {
        var failure = Assert.Throws<OptionsValidationException>(() => _ = new FailoverClient(new FailoverOptions(), new TestMember()))!;

        Assert.That(failure.Failures, Has.Exactly(2).Items);
    }

    [Test]
    public void ToString_Secrets_AreNotTold()
    {
        var options = Valid();
        (options.Password, options.ClientSecret, options.ClientCertificatePassword) = (Secret, Secret, Secret);
        options.Endpoint = new Uri($"https://user:{Secret}@host/api");

        Assert.That(options.ToString(), Does.Not.Contain(Secret));
    }

    private static FailoverOptions Valid() => new()
    {
        FailoverGroupId = "G",
        Endpoint = new Uri("https://host:5590/api/v1/clientfailover"),
    };

    private static string FirstWord(string text) => text[..text.IndexOf(' ', StringComparison.Ordinal)];

    private static IConfiguration Json(string json) =>
        new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes($$"""{ "Failover": {{json}} }"""))).Build().GetSection("Failover");
}
