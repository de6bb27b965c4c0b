using ClientFailover.Service.Audit;
using ClientFailover.Service.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Transport;

/// <summary>The configuration as administrators meet it. One service for all tests, each starts from an empty configuration.</summary>
[NonParallelizable]
public sealed partial class ConfigurationTests : ApiTests
{
    private const string Base = "/api/v1/configuration";
    private const string Endpoints = Base + "/healthendpoints";
    private const string PiUrl = "https://pi.example/piwebapi/omf";
    private const string Pi = """{"Id":"PI","Endpoint":"https://pi.example/piwebapi/omf","Username":"u","Password":"planted-1"}""";
    private const string PiShown = """{"Id":"PI","Endpoint":"https://pi.example/piwebapi/omf","Username":"u","Password":"*****"}""";

    private ConfigurationStore Store => Host.App.Services.GetRequiredService<ConfigurationStore>();

    [SetUp]
    public Task ResetAsync() => MustAsync(Admin, "PUT", Base, "{}");

    [Test]
    public async Task Whole_PutAndGet_IsWhatWasPutWithoutSecrets()
    {
        await MustAsync(Admin, "PUT", Base, $$"""{"logging":{"loglevel":"WARNING"},"healthendpoints":[{{Pi}},{"id":"b","endpoint":"http://h/","unknown":{"x":[1]},"TokenEndpoint":null}]}""");

        Assert.That(
            await MustAsync(Admin, "GET", Base),
            Is.EqualTo($$$"""{"Logging":{"LogLevel":"Warning"},"HealthEndpoints":[{{{PiShown}}},{"Id":"b","Endpoint":"http://h/"}]}"""));
        Assert.That(Reveal("PI"), Is.EqualTo("planted-1"));
    }

    [Test]
    public async Task Whole_PutWithoutMembers_IsTheLevelOfTheSettingsAndNoEndpoint()
    {
        await MustAsync(Admin, "PUT", Base, $$$"""{"Logging":{"LogLevel":"Fatal"},"HealthEndpoints":[{{{Pi}}}]}""");
        Assert.That(IsEnabled(LogLevel.Error), Is.False);

        await MustAsync(Admin, "PUT", Base, "{}");

        Assert.That(await MustAsync(Admin, "GET", Base), Is.EqualTo("""{"Logging":{"LogLevel":"Information"}}"""));
        Assert.That(IsEnabled(LogLevel.Information), Is.True);
    }

    [TestCase("verbose", "Verbose", LogLevel.Trace)]
    [TestCase("Debug", "Debug", LogLevel.Debug)]
    [TestCase("INFORMATION", "Information", LogLevel.Information)]
    [TestCase("Warning", "Warning", LogLevel.Warning)]
    [TestCase("Error", "Error", LogLevel.Error)]
    [TestCase("Fatal", "Fatal", LogLevel.Critical)]
    public async Task Logging_Put_IsInEffectWhenItIsAnswered(string sent, string read, LogLevel level)
    {
        Assert.That(await SendAsync(Admin, "PUT", Base + "/logging", $$"""{"LogLevel":"{{sent}}"}"""), Is.EqualTo((204, "")));

        Assert.That(await MustAsync(Admin, "GET", Base + "/Logging/"), Is.EqualTo($$"""{"LogLevel":"{{read}}"}"""));
        Assert.That((IsEnabled(level), level > LogLevel.Trace && IsEnabled(level - 1)), Is.EqualTo((true, false)));
    }

    [TestCase("""{}""", "LogLevel is required and must be one of Verbose, Debug, Information, Warning, Error, Fatal.")]
    [TestCase("""{"LogLevel":null}""", "LogLevel is required and must be one of Verbose, Debug, Information, Warning, Error, Fatal.")]
    [TestCase("""{"LogLevel":"Unspecified"}""", "LogLevel must be one of Verbose, Debug, Information, Warning, Error, Fatal.")]
    [TestCase("""{"LogLevel":"Critical"}""", "LogLevel must be one of Verbose, Debug, Information, Warning, Error, Fatal.")]
    [TestCase("""{"LogLevel":2}""", "LogLevel must be one of Verbose, Debug, Information, Warning, Error, Fatal.")]
    [TestCase("""{"LogLevel":"Debug","loglevel":"Error"}""", "The body names the member LogLevel twice.")]
    [TestCase("""[]""", "The body is an array; it must be a JSON object.")]
    public async Task Logging_PutThatIsNotValid_IsRefusedAndChangesNothing(string body, string reason)
    {
        await RefusedAsync("PUT", Base + "/logging", body, reason);

        Assert.That(Store.Current.Level, Is.Null);
    }

    [Test]
    public async Task Endpoints_PostOneAndMany_AreAddedInTheirOrder()
    {
        Assert.That(await MustAsync(Admin, "GET", Endpoints), Is.EqualTo("[]"));
        Assert.That(await SendAsync(Admin, "POST", Endpoints, Pi), Is.EqualTo((204, "")));
        Assert.That(
            await SendAsync(
                Admin,
                "POST",
                Endpoints,
                "\uFEFF" + """ [{"Id":"dh","Endpoint":"https://d/omf","ClientId":"c","ClientSecret":"planted-2","TokenEndpoint":"https://d/t","ValidateEndpointCertificate":false},{"Endpoint":"http://h"}] """),
            Is.EqualTo((204, "")));

        var ids = Store.Current.HealthEndpoints.Select(e => e.Id).ToArray();
        Assert.That(Guid.TryParse(ids[2], out _), Is.True);
        Assert.That(
            await MustAsync(Admin, "GET", Endpoints),
            Is.EqualTo(
                $$"""[{{PiShown}},{"Id":"dh","Endpoint":"https://d/omf","ClientId":"c","ClientSecret":"*****","TokenEndpoint":"https://d/t","ValidateEndpointCertificate":false},{"Id":"{{ids[2]}}","Endpoint":"http://h"}]"""));
        Assert.That(await MustAsync(Admin, "GET", $"{Endpoints}/pi"), Is.EqualTo(PiShown));
        Assert.That(Reveal("dh"), Is.EqualTo("planted-2"));
    }

    [Test]
    public async Task Endpoints_PostOfWhatExists_AddsNone()
    {
        await MustAsync(Admin, "POST", Endpoints, Pi);

        var (status, body) = await SendAsync(Admin, "POST", Endpoints, """[{"Id":"new","Endpoint":"http://h"},{"Id":"pi","Endpoint":"http://h"}]""");

        Assert.That((status, CodeOf(body)), Is.EqualTo((409, "HEALTH_ENDPOINT_EXISTS")));
        Assert.That(body, Does.Contain("There is one already with the id 'pi'."));
        Assert.That(await MustAsync(Admin, "GET", Endpoints), Is.EqualTo($"[{PiShown}]"));
    }

    [Test]
    public async Task Endpoints_Put_ReplacesAllAndKeepsMaskedSecrets()
    {
        await MustAsync(Admin, "POST", Endpoints, Pi);
        await MustAsync(Admin, "PUT", Endpoints, """[{"Id":"x","Endpoint":"http://h"},{"Id":"pi","Endpoint":"https://PI.example:443/other","Username":"v","Password":"*****"}]""");

        Assert.That(
            await MustAsync(Admin, "GET", Endpoints),
            Is.EqualTo("""[{"Id":"x","Endpoint":"http://h"},{"Id":"PI","Endpoint":"https://PI.example:443/other","Username":"v","Password":"*****"}]"""));
        Assert.That(Reveal("PI"), Is.EqualTo("planted-1"));

        await MustAsync(Admin, "PUT", Endpoints, "[]");
        Assert.That(await MustAsync(Admin, "GET", Endpoints), Is.EqualTo("[]"));
    }

    [Test]
    public async Task Endpoint_PutGetAndDelete_AreOfThatOne()
    {
        await MustAsync(Admin, "POST", Endpoints, $$"""[{{Pi}},{"Id":"x","Endpoint":"http://h"}]""");

        Assert.That(await SendAsync(Admin, "PUT", Endpoints + "/pi", PiShown.Replace("\"u\"", "\"w\"", StringComparison.Ordinal)), Is.EqualTo((204, "")));
        Assert.That((Reveal("PI"), Store.Current.Find("PI")!.Username), Is.EqualTo(("planted-1", "w")));
        Assert.That(await SendAsync(Admin, "PUT", Endpoints + "/PI", $$"""{"Endpoint":"{{PiUrl}}","Username":"w","Password":"planted-3"}"""), Is.EqualTo((204, "")));
        Assert.That(Reveal("PI"), Is.EqualTo("planted-3"));

        Assert.That(await SendAsync(Admin, "DELETE", Endpoints + "/pi"), Is.EqualTo((204, "")));
        Assert.That(await MustAsync(Admin, "GET", Endpoints), Is.EqualTo("""[{"Id":"x","Endpoint":"http://h"}]"""));
        Assert.That(await SendAsync(Admin, "DELETE", Endpoints), Is.EqualTo((204, "")));
        Assert.That(await MustAsync(Admin, "GET", Endpoints), Is.EqualTo("[]"));
    }

    [TestCase("GET", null)]
    [TestCase("PUT", """{"Endpoint":"http://h"}""")]
    [TestCase("DELETE", null)]
    public async Task Endpoint_ThatIsUnknown_Is404(string method, string? body)
    {
        var (status, text) = await SendAsync(Admin, method, Endpoints + "/none", body);

        Assert.That((status, CodeOf(text)), Is.EqualTo((404, "HEALTH_ENDPOINT_NOT_FOUND")));
    }

    [Test]
    public async Task Changes_OfEachKind_AreAuditedWithoutSecrets()
    {
        const string told = "health endpoints PI at pi.example";

        // Of what fails, repeats are counted: those of other tests are summed up before.
        await Host.App.Services.GetRequiredKeyedService<RefusalSummary>(RefusalSummary.OfAdministrators).StopAsync(default);
        Host.Audit.Entries.Clear();
        await MustAsync(Admin, "PUT", Base + "/logging", """{"LogLevel":"Debug"}""");
        await MustAsync(Admin, "POST", Endpoints, Pi);
        await MustAsync(Admin, "PUT", Endpoints + "/pi", Pi);
        await MustAsync(Admin, "PUT", Endpoints, $"[{Pi}]");
        await MustAsync(Admin, "DELETE", Endpoints + "/pi");
        await MustAsync(Admin, "DELETE", Endpoints);
        await MustAsync(Admin, "PUT", Base, $$"""{"HealthEndpoints":[{{Pi}}]}""");
        await RefusedAsync("PUT", Base, """{"Logging":{}}""", "Logging.LogLevel is required and must be one of Verbose, Debug, Information, Warning, Error, Fatal.");

        Assert.That(
            Host.Audit.Entries.Select(e => (e.Action, e.Target, e.Result, e.Detail)),
            Is.EqualTo(new[]
            {
                ("ConfigurationService.SetLogging", "-", "Done", "LogLevel Debug"),
                ("ConfigurationService.CreateHealthEndpoints", "-", "Done", told),
                ("ConfigurationService.SetHealthEndpoint", "pi", "Done", told),
                ("ConfigurationService.ReplaceHealthEndpoints", "-", "Done", told),
                ("ConfigurationService.DeleteHealthEndpoint", "pi", "Done", null),
                ("ConfigurationService.DeleteHealthEndpoints", "-", "Done", null),
                ("ConfigurationService.SetConfiguration", "-", "Done", $"LogLevel of the settings; {told}"),
                ("ConfigurationService.SetConfiguration", "-", "REQUEST_INVALID", null),
            }));
    }

    private bool IsEnabled(LogLevel level) => Host.App.Services.GetRequiredService<ILoggerFactory>().CreateLogger("ClientFailover.Any").IsEnabled(level);

    private string? Reveal(string id)
    {
        var endpoint = Store.Current.Find(id)!;
        return Host.App.Services.GetRequiredService<SecretProtection>().TryReveal((endpoint.Password ?? endpoint.ClientSecret)!, out var plain) ? plain : null;
    }

    private async Task RefusedAsync(string method, string path, string body, string reason)
    {
        var (status, text) = await SendAsync(Admin, method, path, body);
        Assert.That(status, Is.EqualTo(400), text);
        Assert.That(text, Does.Contain($"\"Reason\":\"{reason}\""));
        Assert.That(text, Does.Not.Contain("planted"));
    }
}
