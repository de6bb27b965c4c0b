using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ClientFailover.Conformance.Running;
using ClientFailover.Conformance.Users;
using NUnit.Framework;

namespace ClientFailover.Conformance.Maintenance;

/// <summary>A backup of a service at work, and a service on another machine that is given it.</summary>
public sealed class BackupUnderLoadTests
{
    private static readonly string[] Paths =
    [
        "groups?count=1000", "groups/Line1", "groups/Line1/status", "groups/Line1/clientsessions", "groups/Line1/events?count=1000",
        "groups/Line2", "groups/Line2/status", "groups/Line2/clientsessions", "groups/Line1/accesscontrol", "/api/v1/configuration",
    ];

    private DataFolder _folder = null!;
    private DataFolder _other = null!;

    [SetUp]
    public void SetUp() => (_folder, _other) = (DataFolder.Create(), DataFolder.Create());

    [TearDown]
    public void TearDown()
    {
        _folder.Dispose();
        _other.Dispose();
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Backup_WhileHeartbeatsFlow_IsRestoredElsewhereAsItWas(bool encrypted)
    {
        var file = _other.File("backup");
        string[] expected;
        Account line1;
        await using (var service = await RunningService.StartAsync(_folder.Path, RunningService.Quick))
        {
            using var caller = new Caller(service);
            await FillAsync(caller);
            line1 = await UserFolder.AddUserAsync(_folder.Path, "line1");
            expected = await ReadAsync(caller);
            using var stop = new CancellationTokenSource();
            var beating = Task.WhenAll(Enumerable.Range(0, 4).Select(i => BeatAsync(service, i % 2 == 0 ? "Line1" : "Line2", i < 2 ? "a" : "b", stop.Token)));

            for (var i = 0; i < 3; i++)
            {
                var made = await MaintenanceFolder.BackupAsync(_folder.Path, file, [.. encrypted ? ["--passphrase"] : Array.Empty<string>(), .. i > 0 ? ["--overwrite"] : Array.Empty<string>()]);
                Assert.That(made.ExitCode, Is.Zero, made.Error);
                Assert.That(made.Error.Contains("keys of the certificate", StringComparison.Ordinal), Is.Not.EqualTo(encrypted), "Who has it has the keys, unless it is encrypted.");
            }

            await stop.CancelAsync();
            Assert.That(await beating, Is.All.GreaterThan(0), "Nobody's heartbeat was refused, or answered another role.");
            Assert.That(MaintenanceFolder.LastAudit(_folder.Path), Is.EqualTo("backup Done"));
            Assert.That((await MaintenanceFolder.RestoreAsync(_folder.Path, file, "--replace")).ExitCode, Is.EqualTo(MaintenanceFolder.InUse), "Not while it runs.");
            Assert.That(MaintenanceFolder.LastAudit(_folder.Path), Is.EqualTo("restore IN_USE"));
            await service.KillAsync();
        }

        var target = _other.File("data");
        var restored = await MaintenanceFolder.RestoreAsync(target, file);
        Assert.That(restored.ExitCode, Is.Zero, restored.Error);
        Assert.That(restored.Output, Does.Contain("2 groups, 4 sessions, 3 accounts"));
        Assert.That(MaintenanceFolder.LastAudit(target), Is.EqualTo("restore Done"));
        File.Copy(_folder.File("initial-accounts.json"), Path.Combine(target, "initial-accounts.json"));
        await using (var service = await RunningService.StartAsync(target, RunningService.Quick))
        {
            using var caller = new Caller(service);
            Assert.That(await ReadAsync(caller), Is.EqualTo(expected));
            Assert.That(service.Output, Does.Not.Contain("cannot be decrypted"));
            Assert.That(await File.ReadAllTextAsync(Path.Combine(target, "Certificates", "client-failover.crt")), Is.EqualTo(await File.ReadAllTextAsync(_folder.File(Path.Combine("Certificates", "client-failover.crt")))));
            using var adapter = new Caller(service, line1.Header);
            Assert.That((await adapter.Rest.GetAsync("groups/Line2")).StatusCode, Is.EqualTo(HttpStatusCode.OK), "The account is there.");

            // What goes on from there goes on with terms that nobody was ever told.
            await caller.BeatAsync("Line2", "b", 50);
            await caller.BeatAsync("Line2", "a", 50);
            await caller.OverrideAsync("Line2", "b", V1.RoleOverride.Primary);
            while (await caller.BeatAsync("Line2", "b", 50) != V1.Role.Primary)
            {
            }

            var events = await caller.Events.ListEventsAsync(new V1.ListEventsRequest { GroupId = "Line2", Count = 10 });
            Assert.That(events.Events.First(e => e is { HasNewRole: true, NewRole: V1.Role.Primary }).Term, Is.GreaterThan(1_000_000));
        }
    }

    private static async Task FillAsync(Caller caller)
    {
        await caller.CreatePairAsync("Line1");
        await caller.CreatePairAsync("Line2");
        await caller.OverrideAsync("Line1", "b", V1.RoleOverride.Secondary);
        using var configured = await caller.Rest.PutAsJsonAsync("/api/v1/configuration", new
        {
            HealthEndpoints = new[] { new { Id = "PI", Endpoint = "https://pi.example/omf", Username = "omf", Password = "a secret" } },
        });
        Assert.That(configured.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        using var listed = await caller.Rest.PutAsJsonAsync("groups/Line1/accesscontrol", new
        {
            RoleTrusteeAccessControlEntries = new[]
            {
                new { Trustee = new { Type = 3, ObjectId = Account.AdministratorRole }, AccessType = 0, AccessRights = 31 },
                new { Trustee = new { Type = 3, ObjectId = Account.UserRole }, AccessType = 0, AccessRights = 1 },
            },
        });
        Assert.That(listed.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
    }

    private static async Task<int> BeatAsync(RunningService service, string group, string session, CancellationToken stop)
    {
        using var caller = new Caller(service);
        var role = await caller.BeatAsync(group, session, 50);
        var count = 0;
        while (!stop.IsCancellationRequested)
        {
            Assert.That(await caller.BeatAsync(group, session, 50), Is.EqualTo(role));
            count++;
        }

        return count;
    }

    /// <summary>All that the service tells, but for what it knows of heartbeats, which is not kept.</summary>
    private static async Task<string[]> ReadAsync(Caller caller)
    {
        var answers = new List<string>();
        foreach (var path in Paths)
        {
            using var response = await caller.Rest.GetAsync(path);
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), path);
            var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync());
            foreach (var session in path.EndsWith("clientsessions", StringComparison.Ordinal) ? answer!.AsArray() : [])
            {
                session!.AsObject().Remove("Heartbeat");
                session.AsObject().Remove("HeartbeatPosted");
            }

            answers.Add($"{path} {answer!.ToJsonString()}");
        }

        return [.. answers];
    }
}
