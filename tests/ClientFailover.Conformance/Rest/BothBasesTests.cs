using ClientFailover.Conformance.Running;
using NUnit.Framework;

namespace ClientFailover.Conformance.Rest;

/// <summary>The two bases are equal: every route of one is a route of the other, and of the same group.</summary>
internal sealed class BothBasesTests : RestTests
{
    private const string OnPremises = "/api/v1/clientfailover";
    private const string Cloud = "/api/v1/tenants/default/namespaces/default/clientfailover";

    private static readonly (string Method, string Route)[] Routes =
    [
        ("GET", ""),
        ("GET", "/groups"),
        ("POST", "/groups"),
        ("GET", "/groups/g"),
        ("DELETE", "/groups/g"),
        ("GET", "/groups/g/status"),
        ("GET", "/groups/g/events"),
        ("GET", "/groups/g/clientsessions"),
        ("POST", "/groups/g/clientsessions"),
        ("GET", "/groups/g/clientsessions/s"),
        ("DELETE", "/groups/g/clientsessions/s"),
        ("POST", "/groups/g/clientsessions/s/heartbeat"),
        ("POST", "/groups/g/clientsessions/s/roleoverride"),
        ("GET", "/events:watch"),
    ];

    private static IEnumerable<TestCaseData> RoutesOfBothBases =>
        from at in new[] { OnPremises, Cloud }
        from route in Routes
        select new TestCaseData(route.Method, at + route.Route);

    [TestCaseSource(nameof(RoutesOfBothBases))]
    public async Task AnyRoute_WithoutCredentials_Is401(string method, string path)
    {
        using var nobody = new RestClient(SharedService.Instance, credentials: null);
        using var body = method == "POST" ? RestClient.Json("{}") : null;

        var reply = await nobody.SendAsync(new HttpMethod(method), path, body);

        reply.IsError(
            401,
            "UNAUTHENTICATED",
            "The request was not authenticated.",
            "It has no credentials, or they are not valid.",
            "Send valid credentials; the WWW-Authenticate header names the schemes.");
        Assert.That(reply.Header("WWW-Authenticate"), Does.StartWith("Basic "));
    }

    [TestCase("DELETE", Cloud + "/groups/g")]
    [TestCase("POST", Cloud + "/groups/g/clientsessions/s/roleoverride")]
    public async Task AdministratorsRoute_OfTheCloudAsAUser_Is403(string method, string path)
    {
        using var body = method == "POST" ? RestClient.Json("""{"Value":1}""") : null;

        (await User.SendAsync(new HttpMethod(method), path, body)).IsError(
            403,
            "ROLE_MISSING",
            "The request was refused.",
            "The caller is not in the role that this call requires.",
            "Use an account in the required role, or ask an administrator for the role.");
    }

    [TestCase(OnPremises, Cloud)]
    [TestCase(Cloud, OnPremises)]
    public async Task Life_OfAGroup_IsTheSameOnBoth(string at, string other)
    {
        var id = CallerActions.NewId();
        var group = $$"""{"Id":"{{id}}","FailoverTimeout":"00:01:00"}""";
        var session = """{"Id":"s","Name":"n","Role":0,"HeartbeatPosted":false,"RoleOverride":0}""";
        var sessions = $"/groups/{id}/clientsessions";

        (await User.PostAsync(at + "/groups", group)).MustBe(201, group);
        (await User.PostAsync(other + "/groups", group)).MustBe(200, group);
        (await User.GetAsync($"{at}/groups/{id}")).MustBe(200, group);
        (await User.PostAsync(at + sessions, """{"Id":"s","Name":"n"}""")).MustBe(201, session);
        (await User.PostAsync(other + sessions, """{"Id":"s","Name":"n"}""")).MustBe(200, session);
        (await User.GetAsync(at + sessions)).MustBe(200, $"[{session}]");
        (await User.GetAsync(at + sessions + "/s")).MustBe(200, session);
        (await User.PostAsync(at + sessions + "/s/heartbeat", """{"FailoverScore":50}""")).MustBe(200, """{"Role":1}""");
        (await User.GetAsync($"{at}/groups/{id}/status")).MustBe(200, """{"Primary":"s"}""");
        (await User.GetAsync($"{other}/groups/{id}/status")).MustBe(200, """{"Primary":"s"}""");
        (await Administrator.PostAsync(at + sessions + "/s/roleoverride", """{"Value":"Primary"}""")).MustBe(200, """{"Value":1}""");
        (await Administrator.PostAsync(other + sessions + "/s/roleoverride", """{"Value":0}""")).MustBe(200, """{"Value":0}""");
        var here = await User.GetAsync($"{at}/groups/{id}/events?count=2");
        here.MustBe(200, (await User.GetAsync($"{other}/groups/{id}/events?count=2")).Body);
        Assert.That(here.Header("Total-Count"), Is.EqualTo("5"));
        Assert.That((await User.GetAsync(at + "/groups?count=1")).Header("Total-Count"), Is.Not.Empty);
        using (var watch = await User.StreamAsync($"{at}/events:watch?group={id}"))
        {
            Assert.That(
                await watch.ReadAsync(),
                Does.Match($$$"""^\{"Revision":[0-9]+,"State":\{"Group":\{"Id":"{{{id}}}","FailoverTimeout":"00:01:00"\},"Status":\{"Primary":"s"\},"Term":1,"Sessions":\[\{"Id":"s","Name":"n","Heartbeat":\{"FailoverScore":50,"HeartbeatTime":"[^"]+Z"\},"Role":1,"HeartbeatPosted":true,"RoleOverride":0\}\]\}\}$"""));
        }

        (await User.DeleteAsync(at + sessions + "/s")).IsNoContent();
        (await User.GetAsync(other + sessions)).MustBe(200, "[]");
        (await Administrator.DeleteAsync($"{at}/groups/{id}")).IsNoContent();
        (await User.GetAsync($"{other}/groups/{id}")).IsNoGroup(id);
    }
}
