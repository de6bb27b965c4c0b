using Grpc.Core;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Transport;

/// <content>Documents that are not valid.</content>
public sealed partial class ConfigurationTests
{
    private const string Url = "must be an http or https URL of at most 2048 characters, without credentials or fragment";

    [TestCase("""{"Id":"a"}""", "Endpoint " + Url + ".")]
    [TestCase("""{"Endpoint":"ftp://h/"}""", "Endpoint " + Url + ".")]
    [TestCase("""{"Endpoint":"h/omf"}""", "Endpoint " + Url + ".")]
    [TestCase("""{"Endpoint":"https://u:planted-p@h/omf"}""", "Endpoint " + Url + ".")]
    [TestCase("""{"Endpoint":"https://h/omf#f"}""", "Endpoint " + Url + ".")]
    [TestCase("""{"Endpoint":"http://h","Id":"a/b"}""", "Id must have 1 to 256 characters, none of / \\\\ ? # %, no control characters, no blank at either end, and not be \\\".\\\" or \\\"..\\\".")]
    [TestCase("""{"Endpoint":"http://h","Username":"u"}""", "Password is required with Username.")]
    [TestCase("""{"Endpoint":"http://h","Username":"","Password":"planted-p"}""", "Username is required with Password.")]
    [TestCase("""{"Endpoint":"http://h","ClientSecret":"planted-p"}""", "ClientId is required with ClientSecret.")]
    [TestCase("""{"Endpoint":"http://h","ClientId":"c"}""", "ClientSecret is required with ClientId.")]
    [TestCase("""{"Endpoint":"http://h","Username":"u:v","Password":"planted-p"}""", "Username must be well-formed text of at most 256 characters, none of them a control character or a colon.")]
    [TestCase("""{"Endpoint":"http://h","Username":"u","Password":"planted-p\n"}""", "Password must be well-formed text of at most 1024 characters, none of them a control character.")]
    [TestCase("""{"Endpoint":"http://h","Username":"u","Password":"*****"}""", "Password must not be \\\"*****\\\": none is stored that this could stand for.")]
    [TestCase("""{"Endpoint":"http://h","TokenEndpoint":"http://t"}""", "TokenEndpoint must be absent without ClientId and ClientSecret.")]
    [TestCase("""{"Endpoint":"http://h","Username":"u","Password":"planted-p","ClientId":"c","ClientSecret":"planted-q"}""", "The body must have Username and Password, or ClientId and ClientSecret, or none of them, but not both.")]
    [TestCase("""{"Endpoint":"http://h","ValidateEndpointCertificate":"yes"}""", "ValidateEndpointCertificate must be true or false.")]
    [TestCase("""{"Endpoint":"http://h","Endpoint":"http://i"}""", "Endpoint must be given once.")]
    [TestCase("""{"Endpoint":5,"Username":7,"Password":"planted-p","ValidateEndpointCertificate":1}""", "Endpoint must be well-formed text; Username must be well-formed text; ValidateEndpointCertificate must be true or false.")]
    [TestCase("""["planted-p"]""", "The body must be an object.")]
    [TestCase("""[{"Id":"a","Endpoint":"http://h"},{"Id":"A","Endpoint":"x","Password":"planted-p"},3]""", "HealthEndpoints[2] must be an object; HealthEndpoints[1].Id must not be that of an earlier one; HealthEndpoints[1].Endpoint " + Url + "; HealthEndpoints[1].Username is required with HealthEndpoints[1].Password.")]
    [TestCase("\"planted-p\"", "The body is a text; it must be a JSON object, or an array of them.")]
    [TestCase("", "The body is empty; it must be a JSON object, or an array of them.")]
    [TestCase("[{]", "The body is not well-formed JSON: line 1, byte 3.")]
    public async Task Endpoints_PostThatIsNotValid_IsRefusedWithAllMistakesAndAddsNone(string body, string reason)
    {
        await RefusedAsync("POST", Endpoints, body, reason);

        Assert.That(Store.Current.HealthEndpoints, Is.Empty);
    }

    [Test]
    public async Task Endpoints_PutThatIsNotValid_IsRefusedAndChangesNothing()
    {
        await MustAsync(Admin, "POST", Endpoints, Pi);

        await RefusedAsync("PUT", Endpoints, Pi, "The body is an object; it must be a JSON array.");
        await RefusedAsync("PUT", Endpoints, """[{"Endpoint":"http://h"}]""", "HealthEndpoints[0].Id is required.");
        await RefusedAsync("PUT", Endpoints, """[{"Id":"new","Endpoint":"http://h","Username":"u","Password":"*****"}]""", "HealthEndpoints[0].Password must not be \\\"*****\\\": none is stored that this could stand for.");
        await RefusedAsync("PUT", Endpoints + "/PI", """{"Id":"other","Endpoint":"http://h"}""", "Id must be the one in the path, or absent.");
        await RefusedAsync("PUT", Endpoints + "/PI", """{"ClientId":"c","ClientSecret":"*****"}""", $"Endpoint {Url}; ClientSecret must not be \\\"*****\\\": none is stored that this could stand for.");
        await RefusedAsync("PUT", Base, """{"Logging":[],"HealthEndpoints":{}}""", "Logging must be an object; HealthEndpoints must be an array.");
        await RefusedAsync("PUT", Base, """{"Logging":{"LogLevel":"x"},"HealthEndpoints":[{"Id":"a"}]}""", $"Logging.LogLevel must be one of Verbose, Debug, Information, Warning, Error, Fatal; HealthEndpoints[0].Endpoint {Url}.");

        Assert.That(await MustAsync(Admin, "GET", Endpoints), Is.EqualTo($"[{PiShown}]"));
        Assert.That((Reveal("PI"), Store.Current.Level), Is.EqualTo(("planted-1", (LogLevel?)null)));
    }

    [TestCase("http://pi.example/piwebapi/omf", null)]
    [TestCase("https://pi.example:8443/piwebapi/omf", null)]
    [TestCase("https://evil.example/piwebapi/omf", null)]
    [TestCase("https://hub.example/omf", "https://evil.example/token")]
    [TestCase("https://hub.example/omf", "http://hub.example/token")]
    [TestCase("https://evil.example/omf", "https://tokens.example/token")]
    [TestCase("https://hub.example/omf", "")]
    [TestCase("https://pi.example/piwebapi/omf", null, "false")]
    [TestCase("https://hub.example/omf", "https://tokens.example/token", "false")]
    public async Task Endpoint_PutThatLeadsAMaskedSecretToAnotherServer_IsRefusedAndChangesNothing(string address, string? tokens, string? validate = null)
    {
        await MustAsync(Admin, "POST", Endpoints, Pi);
        await MustAsync(Admin, "POST", Endpoints, """{"Id":"Hub","Endpoint":"https://hub.example/omf","ClientId":"c","ClientSecret":"planted-2","TokenEndpoint":"https://tokens.example/token"}""");
        var before = await MustAsync(Admin, "GET", Endpoints);
        var (id, name, secret) = tokens is null ? ("PI", "Username", "Password") : ("Hub", "ClientId", "ClientSecret");
        var token = string.IsNullOrEmpty(tokens) ? "" : $",\"TokenEndpoint\":\"{tokens}\"";
        var certificate = validate is null ? "" : $",\"ValidateEndpointCertificate\":{validate}";
        var body = $"{{\"Id\":\"{id}\",\"Endpoint\":\"{address}\",\"{name}\":\"c\",\"{secret}\":\"*****\"{token}{certificate}}}";
        var mistake = secret + " must not be \\\"*****\\\" where Endpoint or TokenEndpoint gets another scheme, host or port, or ValidateEndpointCertificate becomes false: the stored one is not sent to another server.";

        await RefusedAsync("PUT", $"{Endpoints}/{id}", body, mistake);
        await RefusedAsync("PUT", Endpoints, $"[{body}]", "HealthEndpoints[0]." + mistake);
        await RefusedAsync("PUT", Base, $"{{\"HealthEndpoints\":[{body}]}}", "HealthEndpoints[0]." + mistake);

        Assert.That(await MustAsync(Admin, "GET", Endpoints), Is.EqualTo(before));
        Assert.That((Reveal("PI"), Store.Current.Find("Hub")!.TokenEndpoint), Is.EqualTo(("planted-1", "https://tokens.example/token")));
    }

    [Test]
    public async Task Endpoint_PutThatNoLongerChecksTheCertificate_NeedsTheSecretAndThenKeepsIt()
    {
        await MustAsync(Admin, "POST", Endpoints, Pi);
        const string given = """{"Id":"PI","Endpoint":"https://pi.example/piwebapi/omf","Username":"u","Password":"planted-1","ValidateEndpointCertificate":false}""";
        const string masked = """{"Id":"PI","Endpoint":"https://pi.example/piwebapi/omf","Username":"u","Password":"*****","ValidateEndpointCertificate":false}""";

        await MustAsync(Admin, "PUT", Endpoints + "/PI", given);
        await MustAsync(Admin, "PUT", Endpoints + "/PI", masked);
        await MustAsync(Admin, "PUT", Endpoints + "/PI", masked.Replace("false", "true", StringComparison.Ordinal));

        Assert.That((Reveal("PI"), Store.Current.Find("PI")!.ValidateEndpointCertificate), Is.EqualTo(("planted-1", (bool?)true)));
        await RefusedAsync("PUT", Endpoints + "/PI", masked, "Password must not be \\\"*****\\\" where Endpoint or TokenEndpoint gets another scheme, host or port, or ValidateEndpointCertificate becomes false: the stored one is not sent to another server.");
    }

    [Test]
    public async Task Endpoints_TooManyOrTooMuchWrong_IsRefusedWithAnAnswerOfBoundedLength()
    {
        string Many(int count, string url) => $"[{string.Join(',', Enumerable.Range(0, count).Select(i => $$"""{"Id":"{{i}}","Endpoint":"{{url}}"}"""))}]";

        await RefusedAsync("PUT", Endpoints, Many(101, "http://h"), "HealthEndpoints must leave at most 100 health endpoints.");
        var (_, body) = await SendAsync(Admin, "PUT", Endpoints, Many(100, "x"));
        Assert.That(body, Does.Contain("HealthEndpoints[48].Endpoint").And.Contain("; More (51) is not valid.").And.Not.Contain("[49]"));

        await MustAsync(Admin, "PUT", Endpoints, Many(100, "http://h"));
        await RefusedAsync("POST", Endpoints, """{"Endpoint":"http://h"}""", "HealthEndpoints must leave at most 100 health endpoints.");
    }

    [Test]
    public async Task Grpc_EveryRefusal_IsThatOfRest()
    {
        var grpc = GrpcOf(TestCallers.Administrator);
        var valid = new V1.HealthEndpoint { Id = "a", Endpoint = "http://h", Username = "u", Password = "planted-1" };
        await grpc.CallAsync(Method("CreateHealthEndpoints"), new V1.CreateHealthEndpointsRequest { HealthEndpoints = { valid } });

        AssertRefused("CreateHealthEndpoints", new V1.CreateHealthEndpointsRequest { HealthEndpoints = { valid } }, StatusCode.AlreadyExists, "HEALTH_ENDPOINT_EXISTS");
        AssertRefused("GetHealthEndpoint", new V1.GetHealthEndpointRequest { HealthEndpointId = "b" }, StatusCode.NotFound, "HEALTH_ENDPOINT_NOT_FOUND");
        AssertRefused("SetHealthEndpoint", new V1.SetHealthEndpointRequest { HealthEndpointId = "b", HealthEndpoint = valid }, StatusCode.NotFound, "HEALTH_ENDPOINT_NOT_FOUND");
        AssertRefused("DeleteHealthEndpoint", new V1.DeleteHealthEndpointRequest { HealthEndpointId = "b" }, StatusCode.NotFound, "HEALTH_ENDPOINT_NOT_FOUND");
        AssertRefused("DeleteHealthEndpoint", new V1.DeleteHealthEndpointRequest(), StatusCode.InvalidArgument, "REQUEST_INVALID", "health_endpoint_id");
        AssertRefused("SetHealthEndpoint", new V1.SetHealthEndpointRequest { HealthEndpointId = "a" }, StatusCode.InvalidArgument, "REQUEST_INVALID", "health_endpoint");
        AssertRefused(
            "CreateHealthEndpoints",
            new V1.CreateHealthEndpointsRequest { HealthEndpoints = { new V1.HealthEndpoint { Id = "x", Username = "u" }, new V1.HealthEndpoint { Id = "X", Endpoint = "http://h" } } },
            StatusCode.InvalidArgument,
            "REQUEST_INVALID",
            "health_endpoints[0].endpoint",
            "health_endpoints[0].password",
            "health_endpoints[1].id");
        AssertRefused("SetConfiguration", new V1.SetConfigurationRequest(), StatusCode.InvalidArgument, "REQUEST_INVALID", "configuration");
        AssertRefused("SetLogging", new V1.SetLoggingRequest(), StatusCode.InvalidArgument, "REQUEST_INVALID", "logging.log_level");
        AssertRefused(
            "SetConfiguration",
            new V1.SetConfigurationRequest { Configuration = new V1.Configuration { Logging = new V1.LoggingConfiguration { LogLevel = (V1.LogLevel)9 } } },
            StatusCode.InvalidArgument,
            "REQUEST_INVALID",
            "configuration.logging.log_level");

        var read = await grpc.CallAsync<V1.Configuration>(Method("GetConfiguration"), new V1.GetConfigurationRequest());
        Assert.That(read.HealthEndpoints.Single(), Is.EqualTo(new V1.HealthEndpoint(valid) { Password = "*****" }));
        Assert.That(read.Logging.LogLevel, Is.EqualTo(V1.LogLevel.Information));

        void AssertRefused(string method, Google.Protobuf.IMessage request, StatusCode status, string code, params string[] fields)
        {
            var refusal = Assert.ThrowsAsync<RpcException>(() => grpc.CallAsync(Method(method), request))!;
            Assert.That((refusal.StatusCode, CodeOf(refusal)), Is.EqualTo((status, code)), method);
            Assert.That(refusal.GetRpcStatus()!.GetDetail<Google.Rpc.BadRequest>()?.FieldViolations.Select(v => v.Field) ?? [], Is.EqualTo(fields), method);
        }
    }

    private static Google.Protobuf.Reflection.MethodDescriptor Method(string name) => V1.ConfigurationService.Descriptor.FindMethodByName(name);
}
