using ClientFailover.Conformance.Disk;
using ClientFailover.Conformance.Running;
using ClientFailover.Conformance.Streams;
using Grpc.Core;
using NUnit.Framework;

namespace ClientFailover.Conformance.Rest;

/// <summary>Access control lists, as an administrator sets them and an adapter meets them.</summary>
internal sealed class AccessControlTests : RestTests
{
    private const string Administrators = """{"Trustee":{"Type":3,"ObjectId":"AVEVAFailoverAdministrators"},"AccessType":0,"AccessRights":31}""";
    private const string Users = """{"Trustee":{"Type":3,"ObjectId":"AVEVAFailoverUsers"},"AccessType":0,"AccessRights":3}""";
    private const string ReadOnly = """{"Trustee":{"Type":3,"ObjectId":"AVEVAFailoverUsers"},"AccessType":0,"AccessRights":1}""";

    [Test]
    public async Task GroupsList_SetAndRead_HasTheDocumentedBytes()
    {
        var path = $"groups/{await CreateGroupAsync()}/accesscontrol";

        (await Administrator.GetAsync(path)).MustBe(200, List(Administrators, Users));
        (await Administrator.SendAsync(HttpMethod.Put, path, RestClient.Json(List(ReadOnly)))).IsNoContent();
        (await Administrator.GetAsync("/api/v1/tenants/default/namespaces/default/clientfailover/" + path)).MustBe(200, List(ReadOnly));
    }

    [Test]
    public async Task Adapter_WithoutWrite_ReadsAndIsRefusedEverythingElse()
    {
        var group = await CreatePairAsync();
        (await Administrator.SendAsync(HttpMethod.Put, $"groups/{group}/accesscontrol", RestClient.Json(List(ReadOnly)))).IsNoContent();

        Assert.That((int)(await User.GetAsync($"groups/{group}/status")).Status, Is.EqualTo(200));
        (await BeatAsync(group, "a")).IsError(
            403,
            "ACCESS_DENIED",
            $"Access to group '{group}' was denied.",
            "The access control list does not give the caller what this call needs: Write.",
            "Ask an administrator to change the list, or use another account.");
    }

    [Test]
    public async Task List_SetAndKilled_IsThereAtTheNextStart()
    {
        using var folder = DataFolder.Create();
        await using (var service = await RunningService.StartAsync(folder.Path, RunningService.Quick))
        {
            using var administrator = new RestClient(service, service.Administrator.Header);
            (await administrator.PostAsync("groups", """{"Id":"early"}""")).MustBe(201, """{"Id":"early","FailoverTimeout":"00:01:00"}""");
            (await administrator.SendAsync(HttpMethod.Put, "/api/v1/accesscontrol/clientfailover/groups", RestClient.Json(List(Administrators, ReadOnly)))).IsNoContent();
            (await administrator.PostAsync("groups", """{"Id":"late"}""")).MustBe(201, """{"Id":"late","FailoverTimeout":"00:01:00"}""");
            (await administrator.SendAsync(HttpMethod.Put, "/api/v1/accesscontrol/clientfailover/groups", RestClient.Json(List(Users)))).IsNoContent();
            await service.KillAsync();
        }

        await using (var service = await RunningService.StartAsync(folder.Path, RunningService.Quick))
        {
            using var administrator = new RestClient(service, service.Administrator.Header);
            using var user = new RestClient(service, service.User.Header);
            (await administrator.GetAsync("/api/v1/accesscontrol/clientfailover/groups")).MustBe(200, List(Users));
            (await administrator.GetAsync("groups/late/accesscontrol")).MustBe(200, List(Administrators, ReadOnly));
            (await administrator.GetAsync("groups/early/accesscontrol")).MustBe(200, List(Administrators, Users));
            Assert.That((int)(await user.PostAsync("groups/late/clientsessions", "{}")).Status, Is.EqualTo(403));
            Assert.That((int)(await user.PostAsync("groups/early/clientsessions", "{}")).Status, Is.EqualTo(201));
        }
    }

    [Test]
    public async Task List_DatabaseLocked_IsRefusedAndChangesNothing()
    {
        using var folder = DataFolder.Create();
        await using var service = await RunningService.StartAsync(folder.Path, RunningService.Quick);
        using var caller = new Caller(service);
        using var administrator = new RestClient(service, service.Administrator.Header);
        await caller.CreateGroupAsync("g");
        using (new DatabaseLock(service))
        {
            var reply = await administrator.SendAsync(HttpMethod.Put, "groups/g/accesscontrol", RestClient.Json(List(ReadOnly)));
            Assert.That(((int)reply.Status, reply.Header("Retry-After")), Is.EqualTo((503, "5")));
        }

        (await administrator.GetAsync("groups/g/accesscontrol")).MustBe(200, List(Administrators, Users));
        await StoreTrouble.UntilOverAsync(() => caller.CreateGroupAsync("later"));
        (await administrator.SendAsync(HttpMethod.Put, "groups/g/accesscontrol", RestClient.Json(List(ReadOnly)))).IsNoContent();
    }

    [Test]
    public async Task Stream_CallerLosesWrite_IsEnded()
    {
        var group = await CreateGroupAsync();
        using var caller = new Caller(Service, Service.User.Header);
        using var stream = await AdapterStream.JoinAsync(caller, group, "a");

        (await Administrator.SendAsync(HttpMethod.Put, $"groups/{group}/accesscontrol", RestClient.Json(List(ReadOnly)))).IsNoContent();

        (await stream.EndAsync()).MustBe(StatusCode.PermissionDenied, "ACCESS_DENIED");
    }

    private static string List(params string[] entries) => $$"""{"RoleTrusteeAccessControlEntries":[{{string.Join(',', entries)}}]}""";
}
