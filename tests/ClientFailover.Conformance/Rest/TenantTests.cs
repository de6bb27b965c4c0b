using ClientFailover.Conformance.Disk;
using ClientFailover.Conformance.Running;
using NUnit.Framework;

namespace ClientFailover.Conformance.Rest;

/// <summary>Tenants and their namespaces, as the service's administrator makes and uses them; and who may not.</summary>
internal sealed class TenantTests : RestTests
{
    private const string Tenants = "/api/v1/tenants";

    [Test]
    public async Task Tenant_WithANamespace_IsUsedAndKeptOverAKill()
    {
        using var folder = DataFolder.Create();
        await using (var service = await RunningService.StartAsync(folder.Path, RunningService.Quick))
        {
            using var administrator = new RestClient(service, service.Administrator.Header);
            (await administrator.PostAsync(Tenants, """{"Id":"Acme","Name":"Acme Ltd"}""")).MustBe(201, """{"Id":"Acme","Name":"Acme Ltd"}""");
            (await administrator.PostAsync(Tenants + "/acme/namespaces", """{"Id":"Plant","Limits":{"MaximumGroups":1}}"""))
                .MustBe(201, """{"Id":"Plant","Limits":{"MaximumGroups":1}}""");
            (await administrator.PostAsync(Groups, """{"Id":"g"}""")).MustBe(201, """{"Id":"g","FailoverTimeout":"00:01:00"}""");
            await service.KillAsync();
        }

        await using (var service = await RunningService.StartAsync(folder.Path, RunningService.Quick))
        {
            using var administrator = new RestClient(service, service.Administrator.Header);
            using var user = new RestClient(service, service.User.Header);
            (await administrator.GetAsync(Tenants)).MustBe(200, """[{"Id":"Acme","Name":"Acme Ltd"},{"Id":"default"}]""");
            (await administrator.GetAsync(Tenants + "/acme/namespaces")).MustBe(200, """[{"Id":"Plant","Limits":{"MaximumGroups":1}}]""");
            (await administrator.GetAsync(Groups)).MustBe(200, """[{"Id":"g","FailoverTimeout":"00:01:00"}]""");
            (await administrator.GetAsync("groups")).MustBe(200, "[]");
            var limited = await administrator.PostAsync(Groups, """{"Id":"h"}""");
            limited.IsError(
                429,
                "LIMIT_REACHED",
                "The group was not created.",
                "The namespace has reached its limit of 1 groups.",
                "Delete groups that are out of use, or ask an administrator of the service for a higher limit.");
            Assert.That(limited.Header("Retry-After"), Is.EqualTo("60"));
            IsDenied(await user.GetAsync(Groups));
            Assert.That((await user.GetAsync(Groups)).Body[52..], Is.EqualTo((await user.GetAsync(Groups.Replace("acme", "none", StringComparison.Ordinal))).Body[52..]));
        }
    }

    [Test]
    public async Task Tenant_DatabaseLocked_IsNeitherMadeNorRemoved()
    {
        using var folder = DataFolder.Create();
        await using var service = await RunningService.StartAsync(folder.Path, RunningService.Quick);
        using var caller = new Caller(service);
        using var administrator = new RestClient(service, service.Administrator.Header);
        (await administrator.PostAsync(Tenants, """{"Id":"Acme"}""")).MustBe(201, """{"Id":"Acme"}""");
        using (new DatabaseLock(service))
        {
            Assert.That((int)(await administrator.PostAsync(Tenants, """{"Id":"Other"}""")).Status, Is.EqualTo(503));
            Assert.That((int)(await administrator.DeleteAsync(Tenants + "/acme")).Status, Is.EqualTo(503));
        }

        (await administrator.GetAsync(Tenants)).MustBe(200, """[{"Id":"Acme"},{"Id":"default"}]""");
        await StoreTrouble.UntilOverAsync(() => caller.CreateGroupAsync("g"));
        (await administrator.DeleteAsync(Tenants + "/acme")).IsNoContent();
    }

    [Test]
    public async Task Command_WhileTheServiceIsStopped_MakesWhatItFinds()
    {
        using var folder = DataFolder.Create();
        Assert.That(await CommandAsync(folder, "add", "acme"), Is.EqualTo(0));
        Assert.That(await CommandAsync(folder, "add", "acme", "plant"), Is.EqualTo(0));
        await using var service = await RunningService.StartAsync(folder.Path, RunningService.Quick);
        using var administrator = new RestClient(service, service.Administrator.Header);

        (await administrator.PostAsync(Groups, """{"Id":"g"}""")).MustBe(201, """{"Id":"g","FailoverTimeout":"00:01:00"}""");
        Assert.That(await CommandAsync(folder, "add", "other"), Is.EqualTo(3), "The data directory is in use.");
    }

    [TestCase("GET", "", "")]
    [TestCase("POST", "", """{"Id":"x"}""")]
    [TestCase("GET", "/default", "")]
    [TestCase("DELETE", "/default", "")]
    [TestCase("GET", "/default/namespaces", "")]
    [TestCase("POST", "/default/namespaces", """{"Id":"x"}""")]
    [TestCase("GET", "/default/namespaces/default", "")]
    [TestCase("DELETE", "/default/namespaces/default", "")]
    public async Task TenantRoute_AsAUser_Is403(string method, string route, string body) =>
        (await User.SendAsync(new HttpMethod(method), Tenants + route, body.Length == 0 ? null : RestClient.Json(body))).IsError(
            403,
            "ROLE_MISSING",
            "The request was refused.",
            "The caller is not in the role that this call requires.",
            "Use an account in the required role, or ask an administrator for the role.");

    [TestCase("GET", "groups/g/accesscontrol")]
    [TestCase("PUT", "groups/g/accesscontrol")]
    [TestCase("GET", "/api/v1/accesscontrol/clientfailover/groups")]
    [TestCase("PUT", "/api/v1/tenants/default/namespaces/default/accesscontrol/clientfailover/groups")]
    public async Task AccessControlRoute_AsAUserOrNobody_IsRefused(string method, string route)
    {
        using var nobody = new RestClient(Service, credentials: null);
        using var body = method == "PUT" ? RestClient.Json("{}") : null;

        Assert.That((int)(await User.SendAsync(new HttpMethod(method), route, body)).Status, Is.EqualTo(403));
        Assert.That((int)(await nobody.SendAsync(new HttpMethod(method), route, method == "PUT" ? RestClient.Json("{}") : null)).Status, Is.EqualTo(401));
    }

    private const string Groups = Tenants + "/acme/namespaces/plant/clientfailover/groups";

    private static void IsDenied(Reply reply) => reply.IsError(
        403,
        "NAMESPACE_DENIED",
        "Access to the namespace was denied.",
        "The tenant or the namespace does not exist, or the caller has no access to it.",
        "Correct the tenant and namespace ids, or ask an administrator for access.");

    private static async Task<int> CommandAsync(DataFolder folder, params string[] arguments)
    {
        using var process = ServiceExecutable.Start(["tenants", .. arguments, "--DataDirectory", folder.Path]);
        var output = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(RunningService.Patience);
        TestContext.Out.WriteLine(string.Concat(await output));
        return process.ExitCode;
    }
}
