using System.Diagnostics;
using ClientFailover.Conformance.Running;

namespace ClientFailover.Conformance.Fuzz;

/// <summary>
/// Responsible for the groups that the run must not touch: one whose adapters behave, and one that nobody with an
/// account calls.
/// </summary>
/// <param name="caller">The administrator.</param>
/// <param name="judge">Is told of what should not be.</param>
internal sealed class Bystanders(Caller caller, Judge judge)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private const string Other = $"/api/v1/tenants/{Choice.OtherTenant}/namespaces/{Choice.OtherNamespace}";
    private const string Own = $"/api/v1/tenants/{Identity.TokenProvider.Tenant}";

    // Everybody of a role but administrators is kept out; nothing of it is ever to be seen.
    private const string List = """{"RoleTrusteeAccessControlEntries":[{"Trustee":{"Type":3,"ObjectId":"AVEVAFailoverUsers"},"AccessType":1,"AccessRights":31},{"Trustee":{"Type":3,"ObjectId":"AVEVAFailoverAdministrators"},"AccessType":0,"AccessRights":31}]}""";

    private static readonly string[] Views =
    [
        .. new[] { $"/api/v1/clientfailover/groups/{Choice.Canary}", $"{Other}/clientfailover/groups/{Choice.Canary}" }
            .SelectMany(g => new[] { g, g + "/status", g + "/clientsessions", g + "/events?count=1000", g + "/accesscontrol" }),
        "/api/v1/accesscontrol/clientfailover/groups", Other + "/accesscontrol/clientfailover/groups", Other, Other + "/clientfailover/groups",
        "/api/v1/tenants", "/api/v1/configuration", "/api/v1/tenants/default/namespaces",
    ];

    private readonly CancellationTokenSource _end = new();
    private Task _beating = Task.CompletedTask;
    private string _before = string.Empty;

    /// <summary>Heartbeats that were answered.</summary>
    public int Beats { get; private set; }

    /// <summary>How long the slowest of them took.</summary>
    public TimeSpan Slowest { get; private set; }

    /// <summary>Makes the groups and begins the heartbeats.</summary>
    public async Task StartAsync()
    {
        await caller.CreatePairAsync(Choice.Honest);
        await caller.CreatePairAsync(Choice.Canary);
        await PlantAsync();
        await caller.OverrideAsync(Choice.Canary, "b", V1.RoleOverride.Secondary);
        _before = await ViewAsync();
        _beating = BeatAsync();
    }

    /// <summary>Ends the heartbeats and tells of whatever has changed.</summary>
    public async Task EndAsync()
    {
        await _end.CancelAsync();
        await _beating;
        _end.Dispose();
        var after = await ViewAsync();
        if (after != _before)
        {
            judge.Find($"What nobody may change has changed from\n{_before}\nto\n{after}");
        }
    }

    /// <summary>Deletes everything else, so that the service holds the same whenever it is measured.</summary>
    public async Task ClearAsync()
    {
        await ClearAsync("", "");
        await ClearAsync(Identity.TokenProvider.Tenant, Choice.OtherNamespace);
    }

    private async Task ClearAsync(string tenant, string space)
    {
        while (true)
        {
            var groups = (await caller.Groups.ListGroupsAsync(new V1.ListGroupsRequest { TenantId = tenant, NamespaceId = space, Count = 1000 })).Groups.Where(g => g.Id is not (Choice.Honest or Choice.Canary)).ToList();
            if (groups.Count == 0)
            {
                return;
            }

            await Parallel.ForEachAsync(groups, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (group, _) => await ClearAsync(tenant, space, group.Id));
        }
    }

    private async Task ClearAsync(string tenant, string space, string group)
    {
        // A list that somebody has set may keep administrators from it, but never from setting another.
        await caller.AccessControl.SetGroupAccessControlAsync(new V1.SetGroupAccessControlRequest
        {
            TenantId = tenant,
            NamespaceId = space,
            GroupId = group,
            AccessControlList = new V1.AccessControlList
            {
                RoleTrusteeAccessControlEntries =
                {
                    new V1.AccessControlEntry { Trustee = new V1.Trustee { Type = V1.TrusteeType.Role, ObjectId = Account.AdministratorRole }, AccessRights = 31 },
                },
            },
        });
        foreach (var session in (await caller.Sessions.ListSessionsAsync(new V1.ListSessionsRequest { TenantId = tenant, NamespaceId = space, GroupId = group })).Sessions)
        {
            await caller.Sessions.DeleteSessionAsync(new V1.DeleteSessionRequest { TenantId = tenant, NamespaceId = space, GroupId = group, SessionId = session.Id });
        }

        await caller.Groups.DeleteGroupAsync(new V1.DeleteGroupRequest { TenantId = tenant, NamespaceId = space, GroupId = group });
    }

    /// <summary>What others must neither see nor change: a group that a list keeps everybody out of, and one of another tenant.</summary>
    private async Task PlantAsync()
    {
        const string group = $$"""{"Id":"{{Choice.Canary}}","Name":"{{Choice.Planted}}","AdditionalData":{"x":"{{Choice.Planted}}"},"FailoverTimeout":"01:00:00"}""";
        foreach (var (method, path, body) in new[]
        {
            ("POST", "/api/v1/tenants", $$"""{"Id":"{{Choice.OtherTenant}}","Name":"{{Choice.Planted}}"}"""),
            ("POST", $"/api/v1/tenants/{Choice.OtherTenant}/namespaces", $$"""{"Id":"{{Choice.OtherNamespace}}","Name":"{{Choice.Planted}}"}"""),
            ("POST", "/api/v1/tenants", $$"""{"Id":"{{Identity.TokenProvider.Tenant}}"}"""),
            ("POST", Own + "/namespaces", $$"""{"Id":"{{Choice.OtherNamespace}}"}"""),
            ("POST", $"{Other}/clientfailover/groups", group),
            ("POST", $"{Other}/clientfailover/groups/{Choice.Canary}/clientsessions", $$"""{"Id":"a","Name":"{{Choice.Planted}}"}"""),
            ("POST", $"{Other}/clientfailover/groups", $$"""{"Id":"{{Choice.Planted}}"}"""),
            ("POST", $"/api/v1/clientfailover/groups/{Choice.Canary}/clientsessions", $$"""{"Id":"c","Name":"{{Choice.Planted}}"}"""),
            ("PUT", $"/api/v1/clientfailover/groups/{Choice.Canary}/accesscontrol", List),
            ("PUT", $"{Other}/clientfailover/groups/{Choice.Canary}/accesscontrol", List),
        })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
            using var response = await caller.Rest.SendAsync(request);
            if (!response.IsSuccessStatusCode)
            {
                throw new InvalidOperationException($"{method} {path}: {await response.Content.ReadAsStringAsync()}");
            }
        }
    }

    private async Task BeatAsync()
    {
        try
        {
            while (!_end.IsCancellationRequested)
            {
                var start = Stopwatch.GetTimestamp();
                var roles = (A: await caller.BeatAsync(Choice.Honest, "a", 50), B: await caller.BeatAsync(Choice.Honest, "b", 50));
                var time = Stopwatch.GetElapsedTime(start);
                Slowest = time > Slowest ? time : Slowest;
                Beats += 2;
                if (roles is not (V1.Role.Primary, V1.Role.Secondary))
                {
                    judge.Find($"The roles of those who behave have become {roles}.");
                    return;
                }

                await Task.Delay(Interval, _end.Token);
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            judge.Find($"A heartbeat was not answered: {e}");
        }
    }

    private async Task<string> ViewAsync()
    {
        var views = new List<string>();
        foreach (var view in Views)
        {
            views.Add(await caller.Rest.GetStringAsync(new Uri(view, UriKind.Relative)));
        }

        return string.Join('\n', views);
    }
}
