using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ClientFailover.Conformance.Disk;
using ClientFailover.Conformance.Running;
using ClientFailover.Conformance.Users;
using NUnit.Framework;

namespace ClientFailover.Conformance.Audit;

/// <summary>What is found in the audit of a service afterwards: who did what, and who was refused what.</summary>
public sealed class AuditTests
{
    private const string Groups = "default/default/";

    private DataFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = DataFolder.Create();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public async Task Administrator_OverBothWires_IsInTheAudit()
    {
        await using var service = await RunningService.StartAsync(_folder.Path, RunningService.Quick);
        using var caller = new Caller(service);
        await caller.CreatePairAsync("G");

        using var override1 = await caller.Rest.PostAsJsonAsync("groups/G/clientsessions/a/roleoverride", new { Value = "Primary", ExpirationPeriod = "08:00:00" });
        await caller.OverrideAsync("G", "a", V1.RoleOverride.Off);
        using var active = await caller.Rest.DeleteAsync(new Uri("groups/G", UriKind.Relative));
        var operation = JsonDocument.Parse(await active.Content.ReadAsStringAsync()).RootElement.GetProperty("OperationId").GetString();
        Refusals.Of(caller.Groups.DeleteGroupAsync(new V1.DeleteGroupRequest { GroupId = "none" }));
        await service.StopAsync();

        var entries = AuditFiles.Read(_folder.Path);
        Assert.That(entries.Select(e => (e.Action, e.Target, e.Result, e.Detail)), Is.EqualTo(new[]
        {
            ("SessionService.SetRoleOverride", Groups + "G/a", "Done", "Primary for 28800 s"),
            ("SessionService.SetRoleOverride", Groups + "G/a", "Done", "Off"),
            ("GroupService.DeleteGroup", Groups + "G", "GROUP_ACTIVE", (string?)null),
            ("GroupService.DeleteGroup", Groups + "none", "GROUP_NOT_FOUND", null),
        }));
        Assert.That(entries.Select(e => (e.Who, e.Scheme, e.From)), Is.All.EqualTo((service.Administrator.Name, "Basic", "127.0.0.1")));
        Assert.That(entries[2].OperationId, Is.EqualTo(operation));
        Assert.That(service.Output, Does.Contain("ClientFailover.Audit").And.Contain("GroupService.DeleteGroup of default/default/G: GROUP_ACTIVE"));
    }

    [Test]
    public async Task Refused_AgainAndAgain_IsOneEntryAndASum()
    {
        await using var service = await RunningService.StartAsync(_folder.Path, RunningService.Quick);
        using var nobody = new Caller(service, credentials: null);
        using var guesser = new Caller(service, (service.Administrator with { Password = "a guess" }).Header);
        using var user = new Caller(service, service.User.Header);
        for (var i = 0; i < 20; i++)
        {
            (await nobody.Rest.GetAsync($"groups/G{i}")).Dispose();
            Refusals.Of(user.Groups.DeleteGroupAsync(new V1.DeleteGroupRequest { GroupId = $"G{i}" }));
            (await guesser.Rest.GetAsync("")).Dispose();
        }

        (await user.Rest.GetAsync(new Uri(service.Http, "/api/v1/tenants/other/namespaces/default/clientfailover/groups"))).Dispose();
        await service.StopAsync();

        var entries = AuditFiles.Read(_folder.Path);
        var all = entries.Select(e => (e.Who, e.Action, e.Result, e.Detail?.Split(',')[0])).ToList();
        Assert.That(all, Is.SupersetOf(new (string?, string, string, string?)[]
        {
            (null, "GroupService.GetGroup", "UNAUTHENTICATED", "no credentials"),
            (null, "GroupService.GetGroup", "UNAUTHENTICATED", "19 more like this"),
            (service.User.Name, "GroupService.DeleteGroup", "ROLE_MISSING", null),
            (service.User.Name, "GroupService.DeleteGroup", "ROLE_MISSING", "19 more like this"),
            (service.Administrator.Name, "VersionService.GetVersion", "UNAUTHENTICATED", "claimed"),
            (service.Administrator.Name, "VersionService.GetVersion", "TOO_MANY_REQUESTS", "claimed"),
            (service.User.Name, "GroupService.ListGroups", "NAMESPACE_DENIED", null),
        }));
        Assert.That(all, Has.Count.EqualTo(9), string.Join('\n', all));
        Assert.That(entries.Select(e => e.From), Is.All.EqualTo("127.0.0.1"));
    }

    [Test]
    public async Task Secrets_WhereverTheyArePut_AreNeitherInTheAuditNorInTheLog()
    {
        const string secret = "Secret-4711-";
        await using var service = await RunningService.StartAsync(_folder.Path, [.. RunningService.Quick, "--Logging:LogLevel:Default", "Trace"]);
        await service.ChangeUsersAsync($"{secret}stdin-0\n", "add", "agent", "--role", Account.AdministratorRole);
        await service.ChangeUsersAsync($"{secret}stdin-1\n", "password", "agent");
        AuthenticationHeaderValue?[] credentials =
        [
            new("Bearer", $"{secret}token"),
            new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{secret}without-colon"))),
            new($"{secret}scheme", "x"),
            new Account("agent", $"{secret}wrong", "").Header,
            new Account("agent", $"{secret}stdin-1", "").Header,
            service.User.Header,
        ];
        foreach (var credential in credentials)
        {
            using var caller = new Caller(service, credential);
            caller.Rest.DefaultRequestHeaders.Add("Cookie", $"session={secret}cookie");
            caller.Rest.DefaultRequestHeaders.Add("X-Api-Key", $"{secret}key");
            caller.Rest.DefaultRequestHeaders.Add($"{secret}header", "x");
            (await caller.Rest.PostAsJsonAsync("groups", new { Id = "G", AdditionalData = new { Password = $"{secret}body" } })).Dispose();
            (await caller.Rest.PostAsJsonAsync("groups", new { Id = "G", FailoverTimeout = $"{secret}invalid" })).Dispose();
            (await caller.Rest.GetAsync($"groups?password={secret}query&{secret}name=1")).Dispose();
            (await caller.Rest.DeleteAsync(new Uri($"groups/G?access_token={secret}query", UriKind.Relative))).Dispose();
        }

        await service.StopAsync();

        var audit = AuditFiles.ReadText(_folder.Path);
        Assert.That(audit, Does.Contain("\"users.password\"").And.Contain("\"GroupService.DeleteGroup\"").And.Contain("UNAUTHENTICATED"));
        Assert.That(audit, Does.Not.Contain(secret));
        Assert.That(service.Output.Split('\n').Where(l => l.Contains(secret, StringComparison.OrdinalIgnoreCase)), Is.Empty);
    }

    [Test]
    public async Task Names_ThatMoveTheCursor_AreHarmless()
    {
        await using var service = await RunningService.StartAsync(_folder.Path, RunningService.Quick);
        using var nobody = new Caller(service, credentials: null);

        (await nobody.Rest.DeleteAsync(new Uri("groups/a%0Aforged%1B%5B2J", UriKind.Relative))).Dispose();
        await service.StopAsync();

        Assert.That(AuditFiles.Read(_folder.Path).Single().Target, Is.EqualTo(Groups + "a?forged?[2J"));
        Assert.That(service.Output, Does.Not.Contain("\nforged").And.Not.Contain('\u001b'));
    }

    [Test]
    public async Task Kill_WithATornLine_DoesNotBreakWhatFollows()
    {
        await using (var service = await RunningService.StartAsync(_folder.Path, RunningService.Quick))
        {
            using var caller = new Caller(service);
            Refusals.Of(caller.Groups.DeleteGroupAsync(new V1.DeleteGroupRequest { GroupId = "before" }));
            Assert.That(() => Directory.Exists(_folder.File("audit")) && Directory.GetFiles(_folder.File("audit")).Length > 0, Is.True.After(60_000, 10));
            await service.KillAsync();
        }

        await File.AppendAllTextAsync(Directory.GetFiles(_folder.File("audit")).Last(), """{"Time":"2026-""");
        await using (var service = await RunningService.StartAsync(_folder.Path, RunningService.Quick))
        {
            using var caller = new Caller(service);
            Refusals.Of(caller.Groups.DeleteGroupAsync(new V1.DeleteGroupRequest { GroupId = "after" }));
            await service.StopAsync();
        }

        var lines = AuditFiles.ReadText(_folder.Path).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines, Has.Exactly(1).EqualTo("""{"Time":"2026-"""));
        Assert.That(lines[^1], Does.Contain("default/default/after").And.EndsWith("}"));
    }

    [Test]
    public async Task FullDisk_TheServiceGoesOnAndTellsWhatIsMissing()
    {
        const int calls = 40;
        using var disk = SmallDisk.Mount();
        await using var service = await RunningService.StartAsync(disk.Path, RunningService.Quick);
        using var caller = new Caller(service);
        await caller.CreatePairAsync("G");
        disk.Fill();

        for (var i = 0; i < calls; i++)
        {
            Refusals.Of(caller.Groups.DeleteGroupAsync(new V1.DeleteGroupRequest { GroupId = $"none{i}" }));
        }

        Assert.That(() => service.Output, Does.Contain("The audit cannot be written").After(60_000, 10));
        await caller.BeatAsync("G", "a", 50);
        disk.Free();
        Refusals.Of(caller.Groups.DeleteGroupAsync(new V1.DeleteGroupRequest { GroupId = "after" }));
        await service.StopAsync();

        var entries = AuditFiles.Read(disk.Path);
        var missing = entries.Where(e => e.Result == "NOT_WRITTEN").Sum(e => int.Parse(e.Detail!.Split(' ')[0]));
        Assert.That(missing, Is.EqualTo(1), "Of those that are alike the first.");
        Assert.That(entries.Single(e => e.Action == "GroupService.DeleteGroup").Detail, Does.StartWith($"{calls} more like this"), "That is with the one afterwards.");
        Assert.That(service.Output, Does.Contain($"{missing} entries are missing").Or.Contain("The audit is written again"));
    }
}
