using ClientFailover.Service.Identity;
using Grpc.Core;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Transport;

/// <summary>Access control lists as callers meet them.</summary>
public sealed class AccessControlTests : AccessListTestsBase
{
    private const string CloudCollection = "/api/v1/tenants/default/namespaces/default/accesscontrol/clientfailover/groups";

    [Test]
    public async Task Get_NothingSet_IsTheDefault()
    {
        var group = await CreateGroupAsync();

        Assert.That(await MustAsync(Admin, "GET", Collection), Is.EqualTo(DefaultList.Trim()));
        Assert.That(await MustAsync(Admin, "GET", $"{Base}/{group}/accesscontrol"), Is.EqualTo(DefaultList.Trim()));
    }

    [Test]
    public async Task Put_NamesAndNumbersInAnyCase_AreReadBackAsNumbers()
    {
        var group = await CreateGroupAsync();

        var put = await SendAsync(
            Admin,
            "PUT",
            $"{Base}/{group}/AccessControl",
            """{"roletrusteeaccesscontrolentries":[{"trustee":{"type":"client","objectid":"0b1c","tenantid":"Plant"},"accesstype":"DENIED","accessrights":"16"}]}""");

        Assert.That(put, Is.EqualTo((204, "")));
        Assert.That(
            await MustAsync(Admin, "GET", $"/api/v1/tenants/default/namespaces/default/clientfailover/groups/{group}/accesscontrol"),
            Is.EqualTo("""{"RoleTrusteeAccessControlEntries":[{"Trustee":{"Type":2,"ObjectId":"0b1c","TenantId":"Plant"},"AccessType":1,"AccessRights":16}]}"""));
    }

    [TestCase("{}", "RoleTrusteeAccessControlEntries must have 1 to 1000 entries.")]
    [TestCase("""{"RoleTrusteeAccessControlEntries":[]}""", "RoleTrusteeAccessControlEntries must have 1 to 1000 entries.")]
    [TestCase("""[{"Trustee":{"Type":3,"ObjectId":"AVEVAFailoverUsers"}},{}]""", "[1].Trustee.Type is required and must be User (1), Client (2) or Role (3)")]
    [TestCase("""[{"Trustee":{"Type":9,"ObjectId":"x"}}]""", "Type must be one of User (1), Client (2), Role (3).")]
    [TestCase("""[{"Trustee":{"Type":0,"ObjectId":"x"}}]""", "Type must be one of User (1), Client (2), Role (3).")]
    [TestCase("""[{"Trustee":{"Type":1,"ObjectId":""}}]""", "[0].Trustee.ObjectId must be well-formed text of 1 to 256 characters")]
    [TestCase("""[{"Trustee":{"Type":1}}]""", "[0].Trustee.ObjectId must be well-formed text of 1 to 256 characters")]
    [TestCase("""[{"Trustee":{"Type":3,"ObjectId":"AVEVAFailoverUser"}}]""", "[0].Trustee.ObjectId must be the name of a role: AVEVAFailoverUsers or AVEVAFailoverAdministrators.")]
    [TestCase("""[{"Trustee":{"Type":1,"ObjectId":"x","TenantId":"a/b"}}]""", "[0].Trustee.TenantId must have")]
    [TestCase("""[{"Trustee":{"Type":1,"ObjectId":"x"},"AccessType":2}]""", "AccessType must be one of Allowed (0), Denied (1).")]
    [TestCase("""[{"Trustee":{"Type":1,"ObjectId":"x"},"AccessRights":32}]""", "[0].AccessRights must be a sum of Read (1), Write (2), Delete (4), ManageAccessControl (8) and Share (16).")]
    [TestCase("""[{"Trustee":{"Type":1,"ObjectId":"x"},"AccessRights":-1}]""", "[0].AccessRights must be a sum of")]
    [TestCase("""[{"Trustee":{"Type":1,"ObjectId":"x"},"AccessRights":1.5}]""", "AccessRights must be a whole number.")]
    [TestCase("""[{"Trustee":{"Type":1,"ObjectId":"x"},"AccessRights":1},{"Trustee":{"Type":1,"ObjectId":"X"},"AccessRights":2}]""", "[1] must not have the trustee and AccessType of an earlier entry.")]
    [TestCase("""[{"Trustee":{"Type":3,"ObjectId":"avevafailoveradministrators"},"AccessType":1,"AccessRights":8}]""", "[0].AccessRights must not deny Read (1) or ManageAccessControl (8) to the administrators")]
    [TestCase("""[{"Trustee":{"Type":3,"ObjectId":"AVEVAFailoverAdministrators"},"AccessType":1,"AccessRights":1}]""", "[0].AccessRights must not deny Read (1)")]
    public async Task Put_ListThatIsNotValid_IsRefusedByEntryAndChangesNothing(string list, string reason)
    {
        var group = await CreateGroupAsync();
        var body = list.StartsWith('[') ? $$"""{"RoleTrusteeAccessControlEntries":{{list}}}""" : list;

        foreach (var path in new[] { Collection, $"{Base}/{group}/accesscontrol" })
        {
            var (status, text) = await SendAsync(Admin, "PUT", path, body);

            Assert.That((status, CodeOf(text)), Is.EqualTo((400, "REQUEST_INVALID")));
            Assert.That(text, Does.Contain(reason));
            Assert.That(await MustAsync(Admin, "GET", path), Is.EqualTo(DefaultList.Trim()));
        }
    }

    [Test]
    public async Task Put_ThousandEntriesAndOneMore_IsTheLimit()
    {
        string List(int count) =>
            $$"""{"RoleTrusteeAccessControlEntries":[{{string.Join(',', Enumerable.Range(0, count).Select(i => $$"""{"Trustee":{"Type":1,"ObjectId":"u{{i}}"},"AccessRights":1}"""))}}]}""";
        var group = await CreateGroupAsync();

        Assert.That((await SendAsync(Admin, "PUT", $"{Base}/{group}/accesscontrol", List(1001))).Status, Is.EqualTo(400));
        await MustAsync(Admin, "PUT", $"{Base}/{group}/accesscontrol", List(1000));
    }

    [Test]
    public async Task Call_RightDenied_IsTheSameRefusalOverRestAndGrpc()
    {
        var group = await CreateGroupAsync();
        await DenyAsync($"{Base}/{group}/accesscontrol", 1);

        var (status, body) = await SendAsync(User, "GET", $"{Base}/{group}");
        var native = await RefusedAsync(GrpcOf(TestCallers.Adapter).CallAsync(
            V1.GroupService.Descriptor.FindMethodByName("GetGroup"), new V1.GetGroupRequest { GroupId = group }));

        var root = System.Text.Json.JsonDocument.Parse(body).RootElement;
        var lines = new[] { "Error", "Reason", "Resolution" }.Select(m => root.GetProperty(m).GetString()).ToArray();
        Assert.That((status, CodeOf(body)), Is.EqualTo((403, "ACCESS_DENIED")));
        Assert.That(lines, Is.EqualTo(new[]
        {
            $"Access to group '{group}' was denied.",
            "The access control list does not give the caller what this call needs: Read.",
            "Ask an administrator to change the list, or use another account.",
        }));
        Assert.That(
            (native.StatusCode, CodeOf(native), native.Status.Detail),
            Is.EqualTo((StatusCode.PermissionDenied, "ACCESS_DENIED", string.Join('\n', lines))));
    }

    [TestCase(1, "GET", "", 403)]
    [TestCase(1, "GET", "/status", 403)]
    [TestCase(1, "GET", "/events", 403)]
    [TestCase(1, "GET", "/clientsessions", 403)]
    [TestCase(1, "GET", "/clientsessions/s", 403)]
    [TestCase(1, "POST", "/clientsessions", 200)]
    [TestCase(1, "POST", "/clientsessions/s/heartbeat", 200)]
    [TestCase(2, "GET", "", 200)]
    [TestCase(2, "GET", "/clientsessions/s", 200)]
    [TestCase(2, "POST", "/clientsessions", 403)]
    [TestCase(2, "POST", "/clientsessions/s/heartbeat", 403)]
    [TestCase(2, "DELETE", "/clientsessions/s", 403)]
    public async Task Call_OneRightDenied_NeedsItOrDoesNot(int denied, string method, string route, int expected)
    {
        var group = await CreateGroupAsync();
        await MustAsync(User, "POST", $"{Base}/{group}/clientsessions", """{"Id":"s"}""");
        await DenyAsync($"{Base}/{group}/accesscontrol", denied);

        var body = method != "POST" ? null : route.EndsWith("heartbeat", StringComparison.Ordinal) ? """{"FailoverScore":1}""" : """{"Id":"s"}""";
        Assert.That((await SendAsync(User, method, $"{Base}/{group.ToUpperInvariant()}{route}", body)).Status, Is.EqualTo(expected));
    }

    [Test]
    public async Task AdministratorsCalls_RightsDeniedToOneOfThem_AreRefusedButForTheList()
    {
        var group = await CreateGroupAsync();
        await MustAsync(Admin, "POST", $"{Base}/{group}/clientsessions", """{"Id":"s"}""");
        await MustAsync(
            Admin,
            "PUT",
            $"{Base}/{group}/accesscontrol",
            """{"RoleTrusteeAccessControlEntries":[{"Trustee":{"Type":3,"ObjectId":"AVEVAFailoverAdministrators"},"AccessRights":31},{"Trustee":{"Type":1,"ObjectId":"ADMIN"},"AccessType":1,"AccessRights":31}]}""");

        Assert.That((await SendAsync(Admin, "DELETE", $"{Base}/{group}")).Status, Is.EqualTo(403));
        Assert.That((await SendAsync(Admin, "POST", $"{Base}/{group}/clientsessions/s/roleoverride", """{"Value":1}""")).Status, Is.EqualTo(403));
        Assert.That((await SendAsync(Admin, "GET", $"{Base}/{group}")).Status, Is.EqualTo(200));
        await MustAsync(Admin, "PUT", $"{Base}/{group}/accesscontrol", DefaultList);
        Assert.That((await SendAsync(Admin, "POST", $"{Base}/{group}/clientsessions/s/roleoverride", """{"Value":1}""")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Create_CollectionNotWritable_IsRefusedButForGroupsThatExist()
    {
        var group = await CreateGroupAsync();
        await DenyAsync(Collection, 2);

        Assert.That((await SendAsync(User, "POST", Base, """{"Id":"AccessControlTests-new"}""")).Status, Is.EqualTo(403));
        Assert.That((await SendAsync(User, "POST", Base, $$"""{"Id":"{{group}}"}""")).Status, Is.EqualTo(200));
        using var refused = GrpcOf(TestCallers.Adapter).Open(Connect);
        await refused.RequestStream.WriteAsync(Bytes(Hello("AccessControlTests-new", "a")));
        Assert.That(CodeOf(await EndAsync(refused.ResponseStream)), Is.EqualTo("ACCESS_DENIED"));
        Assert.That((await SendAsync(Admin, "GET", $"{Base}/AccessControlTests-new")).Status, Is.EqualTo(404));
    }

    [Test]
    public async Task Create_WhatExistsAndMayNotBeRead_IsAnsweredWithWhatWasAskedAlone()
    {
        const string id = "AccessControlTests-unread";
        const string session = """{"Id":"s","Name":"Pump","AdditionalData":{"Secret":"planted"}}""";
        await MustAsync(Admin, "POST", Base, $$"""{"Id":"{{id}}","FailoverTimeout":"00:01:00","Description":"planted"}""");
        await MustAsync(Admin, "POST", $"{Base}/{id}/clientsessions", session);
        await MustAsync(User, "POST", $"{Base}/{id}/clientsessions/s/heartbeat", """{"FailoverScore":77}""");
        var readable = await MustAsync(User, "POST", Base, $$"""{"Id":"{{id}}"}""");
        Assert.That(readable, Does.Contain("planted").And.Contain("00:01:00"));

        await DenyAsync($"{Base}/{id}/accesscontrol", 1);

        Assert.That(await SendAsync(User, "POST", Base, $$"""{"Id":"{{id}}"}"""), Is.EqualTo((200, $$"""{"Id":"{{id}}"}""")));
        Assert.That(
            await SendAsync(User, "POST", $"{Base}/{id}/clientsessions", """{"Id":"s"}"""),
            Is.EqualTo((200, """{"Id":"s","Role":0,"HeartbeatPosted":false,"RoleOverride":0}""")));
        Assert.That(await MustAsync(Admin, "POST", $"{Base}/{id}/clientsessions", """{"Id":"s"}"""), Does.Contain("planted").And.Contain("77"));
    }

    [Test]
    public async Task List_NewGroup_HasTheListOfTheCollectionAndKeepsIt()
    {
        await DenyAsync(Collection, 2);
        var group = await CreateGroupAsync();
        await MustAsync(Admin, "PUT", Collection, DefaultList);

        Assert.That(await MustAsync(Admin, "GET", $"{Base}/{group}/accesscontrol"), Is.EqualTo(Denying(2)));
        Assert.That(await MustAsync(Admin, "GET", CloudCollection), Is.EqualTo(DefaultList.Trim()));
        await MustAsync(Admin, "DELETE", $"{Base}/{group}");
        await MustAsync(Admin, "POST", Base, $$"""{"Id":"{{group}}"}""");
        Assert.That(await MustAsync(Admin, "GET", $"{Base}/{group}/accesscontrol"), Is.EqualTo(DefaultList.Trim()));
    }

    [Test]
    public async Task ListGroups_SomeNotReadable_AreNeitherShownNorCounted()
    {
        var (hidden, shown) = (await CreateGroupAsync(), await CreateGroupAsync());
        await DenyAsync($"{Base}/{hidden}/accesscontrol", 1);

        using var response = await User.GetAsync(new Uri($"{Base}?count=1000", UriKind.Relative));
        var body = await response.Content.ReadAsStringAsync();
        using var all = await Admin.GetAsync(new Uri($"{Base}?count=1000", UriKind.Relative));

        Assert.That(body, Does.Contain($"\"{shown}\"").And.Not.Contain($"\"{hidden}\""));
        Assert.That(int.Parse(response.Headers.GetValues("Total-Count").Single()), Is.LessThan(int.Parse(all.Headers.GetValues("Total-Count").Single())));
        await DenyAsync(Collection, 1);
        Assert.That((await SendAsync(User, "GET", Base)).Status, Is.EqualTo(403));
    }

    [Test]
    public async Task Put_Done_IsRecorded()
    {
        var group = await CreateGroupAsync();
        await DenyAsync($"{Base}/{group}/accesscontrol", 2);

        var entry = Host.Audit.Entries.Single(e => e.Target == $"default/default/{group}" && e.Action.EndsWith("SetGroupAccessControl", StringComparison.Ordinal));

        Assert.That((entry.Action, entry.Result, entry.Who), Is.EqualTo(("AccessControlService.SetGroupAccessControl", "Done", "admin")));
        Assert.That((entry.From, entry.OperationId), Is.Not.EqualTo(((object?)null, (object?)null)));
        Assert.That(entry.Detail, Does.Contain(Roles.Users));
    }

    private static async Task<RpcException> RefusedAsync(Task call)
    {
        try
        {
            await call;
        }
        catch (RpcException e)
        {
            return e;
        }

        throw new AssertionException("The call was not refused.");
    }
}
