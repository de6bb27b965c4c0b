using ClientFailover.Service.Audit;
using ClientFailover.Service.Identity;
using ClientFailover.Service.Tests.Transport;
using Grpc.Core;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Tenants;

/// <summary>Tenants and namespaces as an administrator of the service makes them.</summary>
public sealed class TenantsTests : ApiTests
{
    private const string Base = "/api/v1/tenants";

    private static readonly string[] Actions = ["TenantService.CreateNamespace", "TenantService.CreateNamespace", "TenantService.DeleteNamespace", "TenantService.DeleteTenant"];

    /// <summary>Creates a tenant with a namespace.</summary>
    internal static async Task CreateAsync(HttpClient administrator, string tenant, string @namespace, string limits = "")
    {
        await MustAsync(administrator, "POST", Base, $$"""{"Id":"{{tenant}}"}""");
        await MustAsync(administrator, "POST", $"{Base}/{tenant}/namespaces", $$"""{"Id":"{{@namespace}}"{{(limits.Length == 0 ? "" : ",\"Limits\":" + limits)}}}""");
    }

    [Test]
    public async Task Tenants_FromCreationToDeletion_AreAsDocumented()
    {
        const string tenant = """{"Id":"Acme","Name":"Acme Ltd","Description":"Pumps"}""";
        const string space = """{"Id":"Plant","Name":"North","Limits":{"MaximumGroups":2,"MaximumSessions":3,"RequestsPerSecond":4}}""";

        Assert.That(await SendAsync(Admin, "POST", Base, tenant), Is.EqualTo((201, tenant)));
        Assert.That(await SendAsync(Admin, "POST", Base, tenant), Is.EqualTo((200, tenant)));
        Assert.That(await SendAsync(Admin, "POST", Base, """{"id":"ACME","name":"Acme Ltd","description":"Pumps"}"""), Is.EqualTo((200, tenant)));
        await RefusedAsync("POST", Base, 409, "TENANT_DIFFERS", """{"Id":"acme"}""");
        Assert.That(await SendAsync(Admin, "GET", Base + "/aCME"), Is.EqualTo((200, tenant)));
        Assert.That(await SendAsync(Admin, "GET", Base + "?skip=0&count=1"), Is.EqualTo((200, $"[{tenant}]")));

        Assert.That(await SendAsync(Admin, "POST", Base + "/acme/namespaces", space), Is.EqualTo((201, space)));
        Assert.That(await SendAsync(Admin, "POST", Base + "/acme/namespaces", space), Is.EqualTo((200, space)));
        await RefusedAsync("POST", Base + "/acme/namespaces", 409, "NAMESPACE_DIFFERS", """{"Id":"plant"}""");
        Assert.That(await SendAsync(Admin, "GET", Base + "/acme/namespaces"), Is.EqualTo((200, $"[{space}]")));
        Assert.That(await SendAsync(Admin, "GET", Base + "/acme/namespaces/PLANT"), Is.EqualTo((200, space)));

        await MustAsync(Admin, "POST", Base + "/acme/namespaces/plant/clientfailover/groups", """{"Id":"G"}""");
        await RefusedAsync("DELETE", Base + "/acme/namespaces/plant", 409, "NAMESPACE_IN_USE");
        await RefusedAsync("DELETE", Base + "/acme", 409, "TENANT_IN_USE");
        await MustAsync(Admin, "DELETE", Base + "/acme/namespaces/plant/clientfailover/groups/G");
        Assert.That(await SendAsync(Admin, "DELETE", Base + "/acme/namespaces/plant"), Is.EqualTo((204, "")));
        await RefusedAsync("GET", Base + "/acme/namespaces/plant", 404, "NAMESPACE_NOT_FOUND");
        await RefusedAsync("DELETE", Base + "/acme/namespaces/plant", 404, "NAMESPACE_NOT_FOUND");
        Assert.That(await SendAsync(Admin, "DELETE", Base + "/acme"), Is.EqualTo((204, "")));
        await RefusedAsync("GET", Base + "/acme", 404, "TENANT_NOT_FOUND");
        await RefusedAsync("POST", Base + "/acme/namespaces", 404, "TENANT_NOT_FOUND", """{"Id":"plant"}""");

        var recorded = Host.Audit.Entries.Where(e => e.Target.StartsWith("acme", StringComparison.OrdinalIgnoreCase)).Where(e => e.Result == AuditEntry.Done && Actions.Contains(e.Action)).Select(e => e.Action).ToList();
        Assert.That(recorded, Is.EqualTo(Actions));
    }

    [Test]
    public async Task Delete_Tenant_TakesItsNamespacesAndTheirListsAlong()
    {
        await CreateAsync(Admin, "gone", "plant");
        const string list = """{"RoleTrusteeAccessControlEntries":[{"Trustee":{"Type":3,"ObjectId":"AVEVAFailoverUsers"},"AccessType":1,"AccessRights":3}]}""";
        const string path = "/api/v1/tenants/gone/namespaces/plant/accesscontrol/clientfailover/groups";
        await MustAsync(Admin, "PUT", path, list);

        await MustAsync(Admin, "DELETE", Base + "/gone");
        Assert.That((await SendAsync(Admin, "GET", path)).Status, Is.EqualTo(403));
        await CreateAsync(Admin, "gone", "plant");

        Assert.That(await MustAsync(Admin, "GET", path), Does.Contain("AVEVAFailoverAdministrators").And.Contain("\"AccessType\":0,\"AccessRights\":3"));
    }

    [Test]
    public async Task Watch_OfATenantThatWasCreatedAgain_ShowsNothingOfItsPredecessor()
    {
        const string groups = Base + "/again/namespaces/plant/clientfailover/groups";
        await CreateAsync(Admin, "again", "plant");
        await MustAsync(Admin, "POST", groups, """{"Id":"theirs"}""");
        await MustAsync(Admin, "DELETE", groups + "/theirs");
        await MustAsync(Admin, "DELETE", Base + "/again");
        await CreateAsync(Admin, "again", "plant");
        await MustAsync(Admin, "POST", groups, """{"Id":"ours"}""");

        using var watch = GrpcOf(TestCallers.Of("ann", "again", Roles.Users)).Open(
            V1.EventService.Descriptor.FindMethodByName("WatchEvents"), new V1.WatchEventsRequest { TenantId = "again", NamespaceId = "plant", After = 0 });

        Assert.That((await ReadAsync<V1.WatchEventsResponse>(watch.ResponseStream)).State?.Group.Id, Is.EqualTo("ours"));
        Assert.That((await ReadAsync<V1.WatchEventsResponse>(watch.ResponseStream)).SnapshotComplete, Is.True);
    }

    [Test]
    public async Task Default_TenantAndNamespace_AreThereAndStay()
    {
        Assert.That(await SendAsync(Admin, "GET", Base + "/default"), Is.EqualTo((200, """{"Id":"default"}""")));
        Assert.That(await SendAsync(Admin, "GET", Base + "/DEFAULT/namespaces/Default"), Is.EqualTo((200, """{"Id":"default"}""")));
        await RefusedAsync("DELETE", Base + "/Default", 409, "DEFAULT_KEPT");
        await RefusedAsync("DELETE", Base + "/default/namespaces/DEFAULT", 409, "DEFAULT_KEPT");
    }

    [Test]
    public async Task Set_Namespace_LimitsItAtOnceAndTheDefaultOneToo()
    {
        await CreateAsync(Admin, "moving", "Plant", """{"MaximumGroups":1}""");
        const string path = Base + "/MOVING/namespaces/plant";
        const string groups = path + "/clientfailover/groups";
        await MustAsync(Admin, "POST", groups, """{"Id":"a"}""");
        await RefusedAsync("POST", groups, 429, "LIMIT_REACHED", """{"Id":"b"}""", "its limit of 1 groups", 60);

        Assert.That(await SendAsync(Admin, "PUT", path, """{"name":"North","Limits":{"MaximumGroups":2,"MaximumSessions":5}}"""), Is.EqualTo((204, "")));

        Assert.That(await MustAsync(Admin, "GET", path), Is.EqualTo("""{"Id":"Plant","Name":"North","Limits":{"MaximumGroups":2,"MaximumSessions":5}}"""));
        await MustAsync(Admin, "POST", groups, """{"Id":"b"}""");
        await RefusedAsync("POST", groups, 429, "LIMIT_REACHED", """{"Id":"c"}""", "its limit of 2 groups", 60);
        await MustAsync(Admin, "PUT", path, """{"Id":"PLANT","Limits":{"MaximumGroups":1}}""");
        await MustAsync(Admin, "GET", groups + "/b");
        await MustAsync(Admin, "PUT", path, "{}");
        await MustAsync(Admin, "POST", groups, """{"Id":"c"}""");

        await MustAsync(Admin, "PUT", Base + "/default/namespaces/default", """{"Limits":{"MaximumGroups":100000}}""");
        Assert.That(await MustAsync(Admin, "GET", Base + "/default/namespaces/default"), Is.EqualTo("""{"Id":"default","Limits":{"MaximumGroups":100000}}"""));
        await MustAsync(Admin, "PUT", Base + "/default/namespaces/default", "{}");
        var audited = Host.Audit.Entries.Where(e => e.Action == "TenantService.SetNamespace" && e.Target == "MOVING/plant").ToList();
        Assert.That(audited.Select(e => e.Result), Is.EqualTo(Enumerable.Repeat(AuditEntry.Done, 3)));
        Assert.That(audited[0].Detail, Does.Contain("\"MaximumGroups\": \"2\""));
    }

    [TestCase("/default/namespaces/nothing", "{}", 404, "NAMESPACE_NOT_FOUND", "")]
    [TestCase("/nobody/namespaces/default", "{}", 404, "NAMESPACE_NOT_FOUND", "")]
    [TestCase("/default/namespaces/default", """{"Id":"other"}""", 400, "REQUEST_INVALID", "Id must be the one in the path, or absent.")]
    [TestCase("/default/namespaces/default", """{"Limits":{"MaximumGroups":0}}""", 400, "REQUEST_INVALID", "Limits.MaximumGroups must be from 1 to 100000000, or absent.")]
    public Task Set_NotValid_IsRefused(string path, string body, int status, string code, string reason) =>
        RefusedAsync("PUT", Base + path, status, code, body, reason);

    [TestCase("", """{"Id":"a/b"}""", "Id must have 1 to 256 characters")]
    [TestCase("", "{}", "Id must have 1 to 256 characters")]
    [TestCase("/default/namespaces", """{"Id":"n","Limits":{"MaximumGroups":0}}""", "Limits.MaximumGroups must be from 1 to 100000000, or absent.")]
    [TestCase("/default/namespaces", """{"Id":"n","Limits":{"MaximumSessions":-1}}""", "Limits.MaximumSessions must be from 1")]
    [TestCase("/default/namespaces", """{"Id":"n","Limits":{"RequestsPerSecond":1000001}}""", "Limits.RequestsPerSecond must be from 1 to 1000000, or absent.")]
    [TestCase("/default/namespaces", """{"Id":"n","Limits":{"RequestsPerSecond":"many"}}""", "RequestsPerSecond must be a whole number.")]
    public async Task Create_NotValid_IsRefusedByMember(string path, string body, string reason)
    {
        var (status, text) = await SendAsync(Admin, "POST", Base + path, body);

        Assert.That((status, CodeOf(text)), Is.EqualTo((400, "REQUEST_INVALID")));
        Assert.That(text, Does.Contain(reason));
    }

    [Test]
    public async Task Delete_NamespaceThatIsWatched_EndsTheWatch()
    {
        await CreateAsync(Admin, "watched", "plant");
        using var watch = GrpcOf(TestCallers.Of("a", "watched", Roles.Users)).Open(
            V1.EventService.Descriptor.FindMethodByName("WatchEvents"),
            new V1.WatchEventsRequest { TenantId = "watched", NamespaceId = "plant" });
        await ReadAsync<V1.WatchEventsResponse>(watch.ResponseStream);

        await MustAsync(Admin, "DELETE", Base + "/watched/namespaces/plant");
        var end = await EndAsync(watch.ResponseStream);

        Assert.That((end.StatusCode, CodeOf(end)), Is.EqualTo((StatusCode.PermissionDenied, "NAMESPACE_DENIED")));
    }

    [Test]
    public async Task Limits_Reached_AreToldAndEndWhenSomethingIsGone()
    {
        await CreateAsync(Admin, "small", "plant", """{"MaximumGroups":2,"MaximumSessions":2}""");
        const string groups = "/api/v1/tenants/small/namespaces/plant/clientfailover/groups";
        await MustAsync(Admin, "POST", groups, """{"Id":"a"}""");
        await MustAsync(Admin, "POST", groups, """{"Id":"b"}""");
        await RefusedAsync("POST", groups, 429, "LIMIT_REACHED", """{"Id":"c"}""", "The namespace has reached its limit of 2 groups.", 60);
        await MustAsync(Admin, "POST", groups, """{"Id":"a"}""");
        await MustAsync(Admin, "POST", groups + "/a/clientsessions", """{"Id":"1"}""");
        await MustAsync(Admin, "POST", groups + "/b/clientsessions", """{"Id":"2"}""");
        await RefusedAsync("POST", groups + "/b/clientsessions", 429, "LIMIT_REACHED", """{"Id":"3"}""", "The namespace has reached its limit of 2 sessions.", 60);
        await MustAsync(Admin, "POST", groups + "/b/clientsessions", """{"Id":"2"}""");

        var grpc = GrpcOf(TestCallers.Of("x", "small", Roles.Users));
        using var stream = grpc.Open(V1.AdapterService.Descriptor.FindMethodByName("Connect"));
        await stream.RequestStream.WriteAsync(Google.Protobuf.MessageExtensions.ToByteArray(Hello("b", "4", "small", "plant")));
        var refused = await EndAsync(stream.ResponseStream);
        Assert.That((refused.StatusCode, CodeOf(refused)), Is.EqualTo((StatusCode.ResourceExhausted, "LIMIT_REACHED")));
        Assert.That(refused.GetRpcStatus()!.GetDetail<Google.Rpc.RetryInfo>()!.RetryDelay.ToTimeSpan(), Is.EqualTo(TimeSpan.FromMinutes(1)));

        await MustAsync(Admin, "DELETE", groups + "/a/clientsessions/1");
        await MustAsync(Admin, "POST", groups + "/b/clientsessions", """{"Id":"3"}""");
        await MustAsync(Admin, "DELETE", groups + "/a");
        await MustAsync(Admin, "POST", groups, """{"Id":"c"}""");
        await MustAsync(Admin, "POST", "/api/v1/clientfailover/groups", """{"Id":"TenantsTests-elsewhere"}""");
    }

    [Test]
    public async Task Rate_Exceeded_IsRefusedButNoHeartbeat()
    {
        // As slow as can be: the second request of a second is refused, however slow the machine is.
        await CreateAsync(Admin, "slow", "plant", """{"RequestsPerSecond":1}""");
        const string groups = "/api/v1/tenants/slow/namespaces/plant/clientfailover/groups";
        async Task AgainAsync(string path, string body)
        {
            while ((await SendAsync(Admin, "POST", path, body)).Status == 429)
            {
            }
        }

        await AgainAsync(groups, """{"Id":"g"}""");
        await AgainAsync(groups + "/g/clientsessions", """{"Id":"s"}""");
        var statuses = new HashSet<(int, string?)>();
        for (var i = 0; i < 100_000 && statuses.Count < 2; i++)
        {
            Assert.That((await SendAsync(Admin, "POST", groups + "/g/clientsessions/s/heartbeat", """{"FailoverScore":1}""")).Status, Is.EqualTo(200));
            using var response = await Admin.GetAsync(new Uri(groups + "/g", UriKind.Relative));
            statuses.Add(((int)response.StatusCode, response.Headers.TryGetValues("Retry-After", out var wait) ? wait.Single() : null));
            if (response.StatusCode == System.Net.HttpStatusCode.TooManyRequests)
            {
                var body = await response.Content.ReadAsStringAsync();
                Assert.That(CodeOf(body), Is.EqualTo("RATE_LIMITED"));
                Assert.That(body, Does.Contain("The namespace makes more than its limit of 1 requests a second. Heartbeats are not limited."));
            }
        }

        Assert.That(statuses, Is.EquivalentTo(new (int, string?)[] { (200, null), (429, "1") }));
    }

    private async Task RefusedAsync(string method, string path, int status, string code, string? body = null, string? reason = null, int? wait = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path)
        {
            Version = Admin.DefaultRequestVersion,
            VersionPolicy = Admin.DefaultVersionPolicy,
            Content = body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json"),
        };
        using var response = await Admin.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.That(((int)response.StatusCode, CodeOf(text)), Is.EqualTo((status, code)));
        Assert.That(text, Does.Contain(reason ?? ""));
        Assert.That(response.Headers.RetryAfter?.Delta?.TotalSeconds, Is.EqualTo((double?)wait));
    }
}
