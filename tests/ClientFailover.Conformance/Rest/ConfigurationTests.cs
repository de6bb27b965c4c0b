using ClientFailover.Conformance.Disk;
using ClientFailover.Conformance.Running;
using NUnit.Framework;

namespace ClientFailover.Conformance.Rest;

/// <summary>The configuration over REST, with a service of its own: all its callers share one configuration.</summary>
public sealed class ConfigurationTests : OwnService
{
    private const string Base = "/api/v1/configuration";
    private const string Logging = Base + "/logging";
    private const string Endpoints = Base + "/healthendpoints";
    private const string Pi = """{"Id":"PI","Endpoint":"https://pi/piwebapi/omf","Username":"u","Password":"pw-1"}""";
    private const string PiShown = """{"Id":"PI","Endpoint":"https://pi/piwebapi/omf","Username":"u","Password":"*****"}""";
    private const string Hub = """{"Id":"Hub","Endpoint":"https://hub/omf","ClientId":"c","ClientSecret":"*****","TokenEndpoint":"https://hub/token","ValidateEndpointCertificate":false}""";

    private RestClient _administrator = null!;
    private RestClient _user = null!;

    [SetUp]
    public async Task ResetAsync()
    {
        _administrator = new RestClient(Service, Service.Administrator.Header);
        _user = new RestClient(Service, Service.User.Header);
        (await PutAsync(Base, "{}")).IsNoContent();
    }

    [TearDown]
    public void DisposeClients()
    {
        _administrator.Dispose();
        _user.Dispose();
    }

    [Test]
    public async Task EveryRoute_HasTheDocumentedBytes()
    {
        (await _administrator.GetAsync(Base)).MustBe(200, """{"Logging":{"LogLevel":"Information"}}""");
        (await _administrator.GetAsync(Logging)).MustBe(200, """{"LogLevel":"Information"}""");
        (await PutAsync(Logging, """{"logLevel":"warning"}""")).IsNoContent();
        (await _administrator.GetAsync(Logging)).MustBe(200, """{"LogLevel":"Warning"}""");

        (await _administrator.GetAsync(Endpoints)).MustBe(200, "[]");
        (await _administrator.PostAsync(Endpoints, Pi)).IsNoContent();
        (await _administrator.PostAsync(Endpoints, $"[{Hub.Replace("*****", "cs-1", StringComparison.Ordinal)}]")).IsNoContent();
        (await _administrator.GetAsync(Endpoints)).MustBe(200, $"[{PiShown},{Hub}]");
        (await _administrator.GetAsync(Base)).MustBe(200, $$$"""{"Logging":{"LogLevel":"Warning"},"HealthEndpoints":[{{{PiShown}}},{{{Hub}}}]}""");

        (await PutAsync(Endpoints + "/hub", Hub)).IsNoContent();
        (await _administrator.GetAsync("/api/v1/Configuration/HealthEndpoints/HUB/")).MustBe(200, Hub);
        (await _administrator.DeleteAsync(Endpoints + "/pi")).IsNoContent();
        (await PutAsync(Endpoints, $$"""[{{Hub}},{"Id":"New","Endpoint":"http://n"}]""")).IsNoContent();
        (await _administrator.GetAsync(Endpoints)).MustBe(200, $$"""[{{Hub}},{"Id":"New","Endpoint":"http://n"}]""");
        (await _administrator.DeleteAsync(Endpoints)).IsNoContent();
        (await PutAsync(Base, $$$"""{"Logging":{"LogLevel":"Error"},"HealthEndpoints":[{{{Pi}}}]}""")).IsNoContent();
        (await _administrator.GetAsync(Base)).MustBe(200, $$$"""{"Logging":{"LogLevel":"Error"},"HealthEndpoints":[{{{PiShown}}}]}""");
    }

    [Test]
    public async Task EveryRefusal_HasTheDocumentedBytes()
    {
        (await _administrator.PostAsync(Endpoints, Pi)).IsNoContent();

        (await _administrator.PostAsync(Endpoints, """[{"Endpoint":"http://n"},{"Id":"pi","Endpoint":"http://n"}]""")).IsError(
            409, "HEALTH_ENDPOINT_EXISTS", "No health endpoint was added.", "There is one already with the id 'pi'.", "Replace what exists, or use other ids.");
        foreach (var reply in new[]
        {
            await _administrator.GetAsync(Endpoints + "/none"),
            await _administrator.DeleteAsync(Endpoints + "/none"),
            await PutAsync(Endpoints + "/none", """{"Endpoint":"http://n"}"""),
        })
        {
            reply.IsError(
                404,
                "HEALTH_ENDPOINT_NOT_FOUND",
                "Health endpoint 'none' was not found.",
                "The service has no health endpoint with this id.",
                "Add it first, or correct the id.");
        }

        (await PutAsync(Endpoints + "/PI", """{"Id":"other","Endpoint":"file:///x","Username":3,"ValidateEndpointCertificate":"no"}""")).IsInvalid(
            "Username must be well-formed text; ValidateEndpointCertificate must be true or false; Id must be the one in the path, or absent; "
            + "Endpoint must be an http or https URL of at most 2048 characters, without credentials or fragment.");
        (await PutAsync(Endpoints, "{}")).IsUnreadable("The body is an object; it must be a JSON array.");
        (await PutAsync(Logging, """{"LogLevel":"Loud"}""")).IsInvalid("LogLevel must be one of Verbose, Debug, Information, Warning, Error, Fatal.");
        (await _user.GetAsync(Base)).IsError(
            403,
            "ROLE_MISSING",
            "The request was refused.",
            "The caller is not in the role that this call requires.",
            "Use an account in the required role, or ask an administrator for the role.");
        using var nobody = new RestClient(Service, null);
        Assert.That((int)(await nobody.GetAsync(Base)).Status, Is.EqualTo(401));
        Assert.That((int)(await _administrator.SendAsync(HttpMethod.Patch, Base)).Status, Is.EqualTo(405));
        Assert.That((int)(await _administrator.SendAsync(HttpMethod.Put, Logging, new StringContent("{}"))).Status, Is.EqualTo(415));

        (await _administrator.GetAsync(Base)).MustBe(200, $$$"""{"Logging":{"LogLevel":"Information"},"HealthEndpoints":[{{{PiShown}}}]}""");
    }

    [Test]
    public async Task Logging_AtRunTime_DecidesWhatTheConsoleGets()
    {
        (await PutAsync(Logging, """{"LogLevel":"Error"}""")).IsNoContent();
        var silent = await OperationAsync();
        (await PutAsync(Logging, """{"LogLevel":"Debug"}""")).IsNoContent();
        var told = await OperationAsync();

        await Service.UntilToldAsync(told);
        Assert.That(Service.Output, Does.Not.Contain(silent));
    }

    [Test]
    public async Task Everything_AnsweredAndKilled_IsThereAtTheNextStart()
    {
        using var folder = DataFolder.Create();
        var whole = $$$"""{"Logging":{"LogLevel":"Debug"},"HealthEndpoints":[{{{PiShown}}},{{{Hub}}}]}""";
        await using (var service = await RunningService.StartAsync(folder.Path, RunningService.Quick))
        {
            using var administrator = new RestClient(service, service.Administrator.Header);
            var sent = whole.Replace("*****", "planted", StringComparison.Ordinal);
            (await administrator.SendAsync(HttpMethod.Put, Base, RestClient.Json(sent))).IsNoContent();
            await service.KillAsync();
        }

        await using (var service = await RunningService.StartAsync(folder.Path, [.. RunningService.Quick, "--Logging:LogLevel:Default", "Error"]))
        {
            using var administrator = new RestClient(service, service.Administrator.Header);
            (await administrator.GetAsync(Base)).MustBe(200, whole);
            var refused = await administrator.GetAsync("groups/none");
            await service.UntilToldAsync(refused.Json().GetProperty("OperationId").GetString()!);
            await service.KillAsync();
        }

        Directory.Delete(folder.File("keys"), recursive: true);
        await using (var service = await RunningService.StartAsync(folder.Path, RunningService.Quick))
        {
            using var administrator = new RestClient(service, service.Administrator.Header);
            var unreadable = PiShown[..^1] + ""","SecretUnreadable":true}""";
            (await administrator.GetAsync(Endpoints + "/PI")).MustBe(200, unreadable);
            await service.UntilToldAsync("The stored secret of health endpoint PI cannot be decrypted");
            (await administrator.SendAsync(HttpMethod.Put, Endpoints + "/PI", RestClient.Json(unreadable))).IsNoContent();
            (await administrator.GetAsync(Endpoints + "/PI")).MustBe(200, unreadable);
            (await administrator.SendAsync(HttpMethod.Put, Endpoints + "/PI", RestClient.Json(Pi))).IsNoContent();
            (await administrator.GetAsync(Endpoints + "/PI")).MustBe(200, PiShown);
        }
    }

    [Test]
    public async Task Change_DatabaseLocked_IsRefusedAndChangesNothing()
    {
        using (new DatabaseLock(Service))
        {
            foreach (var reply in new[] { await PutAsync(Logging, """{"LogLevel":"Debug"}"""), await _administrator.PostAsync(Endpoints, Pi) })
            {
                Assert.That(((int)reply.Status, reply.Header("Retry-After")), Is.EqualTo((503, "5")), reply.Body);
            }
        }

        (await _administrator.GetAsync(Base)).MustBe(200, """{"Logging":{"LogLevel":"Information"}}""");
        await StoreTrouble.UntilOverAsync(() => Caller.CreateGroupAsync(CallerActions.NewId()));
    }

    [Test]
    public async Task Secrets_PlantedEverywhere_AreFoundNowhere()
    {
        const string secret = "Planted+Secret/42";
        using var folder = DataFolder.Create();
        await using var service = await RunningService.StartAsync(
            folder.Path, [.. RunningService.Quick, "--Logging:LogLevel:Default", "Trace", "--Logging:LogLevel:Microsoft", "Trace", "--Logging:LogLevel:Grpc", "Trace"]);
        using var administrator = new RestClient(service, service.Administrator.Header);
        var good = Pi.Replace("pw-1", secret, StringComparison.Ordinal);
        var replies = new List<Reply> { await administrator.SendAsync(HttpMethod.Put, Logging, RestClient.Json("""{"LogLevel":"Verbose"}""")) };
        foreach (var (method, path, body) in new[]
        {
            (HttpMethod.Post, Endpoints, good),
            (HttpMethod.Post, Endpoints, good),
            (HttpMethod.Put, Endpoints, $"[{good}]"),
            (HttpMethod.Put, Endpoints + "/PI", good),
            (HttpMethod.Put, Base, $$"""{"HealthEndpoints":[{{good}}]}"""),
            (HttpMethod.Put, Base, $$"""{"Logging":"{{secret}}","HealthEndpoints":"{{secret}}"}"""),
            (HttpMethod.Post, Endpoints, good.Replace("https:", "x:", StringComparison.Ordinal)),
            (HttpMethod.Post, Endpoints, good.Replace("https://", $"https://u:{secret}@", StringComparison.Ordinal)),
            (HttpMethod.Post, Endpoints, good.Replace("\"PI\"", $"\"{secret}\"", StringComparison.Ordinal)),
            (HttpMethod.Post, Endpoints, good.Replace("}", $",\"{secret}\":1,\"ClientSecret\":[\"{secret}\"]}}", StringComparison.Ordinal)),
            (HttpMethod.Post, Endpoints, good[..^1]),
            (HttpMethod.Post, "groups", $$"""{"Id":["{{secret}}"]}"""),
            (HttpMethod.Get, Base, ""),
            (HttpMethod.Get, Endpoints, ""),
            (HttpMethod.Get, Endpoints + "/PI", ""),
        })
        {
            replies.Add(await administrator.SendAsync(method, path, method == HttpMethod.Get ? null : RestClient.Json(body)));
        }

        using (var caller = new Caller(service))
        {
            var client = new V1.ConfigurationService.ConfigurationServiceClient(caller.Invoker);
            var endpoint = new V1.HealthEndpoint { Id = "native", Endpoint = "https://h", ClientId = "c", ClientSecret = secret };
            await client.CreateHealthEndpointsAsync(new V1.CreateHealthEndpointsRequest { HealthEndpoints = { endpoint } });
            var again = Refusals.Of(client.CreateHealthEndpointsAsync(new V1.CreateHealthEndpointsRequest { HealthEndpoints = { endpoint } }));
            Assert.That(again.ToString(), Does.Not.Contain(secret));
            Assert.That((await client.GetConfigurationAsync(new V1.GetConfigurationRequest())).ToString(), Does.Not.Contain(secret).And.Contain("*****"));
        }

        await service.UntilToldAsync("ConfigurationService.CreateHealthEndpoints");
        Assert.That(replies.Select(r => (int)r.Status), Is.EqualTo(new[] { 204, 204, 409, 204, 204, 204, 400, 400, 400, 400, 400, 400, 400, 200, 200, 200 }));
        Assert.That(replies.Select(r => r.Body + r.Message), Has.None.Contains(secret));
        await AssertNowhereAsync(service, secret);
        await service.StopAsync();
        await AssertNowhereAsync(service, secret);
        Assert.That(service.Output, Does.Contain("PI at pi"), "The audit is in the log that was searched.");
    }

    private static async Task AssertNowhereAsync(RunningService service, string secret)
    {
        string[] forms = [secret, Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(secret)), Uri.EscapeDataString(secret)];
        Assert.That(forms.Where(f => service.Output.Contains(f, StringComparison.Ordinal)), Is.Empty);
        var searched = 0;
        foreach (var path in Directory.EnumerateFiles(service.DataDirectory, "*", SearchOption.AllDirectories).Where(p => !p.EndsWith(".lock", StringComparison.Ordinal)))
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var content = new MemoryStream();
            await file.CopyToAsync(content);
            searched++;
            foreach (var form in forms)
            {
                Assert.That(content.ToArray().AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(form)), Is.EqualTo(-1), path);
                Assert.That(content.ToArray().AsSpan().IndexOf(System.Text.Encoding.Unicode.GetBytes(form)), Is.EqualTo(-1), path);
            }
        }

        Assert.That(searched, Is.GreaterThan(4), "The database, the keys, the accounts and the certificate.");
    }

    private Task<Reply> PutAsync(string path, string json) => _administrator.SendAsync(HttpMethod.Put, path, RestClient.Json(json));

    // The operation of a request that is refused, whose line is one of level Debug.
    private async Task<string> OperationAsync() => (await _administrator.GetAsync("groups/none")).Json().GetProperty("OperationId").GetString()!;
}
