using System.Net;
using ClientFailover.Conformance.Identity;
using ClientFailover.Conformance.Running;
using ClientFailover.Conformance.Streams;
using Grpc.Core;
using Microsoft.Data.Sqlite;
using NUnit.Framework;

namespace ClientFailover.Conformance.Telemetry;

/// <summary>
/// A real Prometheus with the files of <c>samples/monitoring</c>, shortened in their times, and the executable: in good order every
/// panel shows something and nothing but what is meant is reported; then what each alert is for happens.
/// </summary>
public sealed class MonitoringTests
{
    private static readonly string[] NotStaged =
    [
        // Their tests with made-up series have to do: a disk that is slow, a PI server that is not there.
        "ClientFailoverStoreSlow", "ClientFailoverHealthSendsFail",
    ];

    [Test]
    public async Task Prometheus_WithTheSamples_ShowsTheServiceInGoodOrder()
    {
        using var folder = DataFolder.Create();
        using var files = DataFolder.Create();
        await using var service = await RunningService.StartAsync(folder.Path, RunningService.Quick);
        await using var prometheus = await PrometheusServer.StartAsync(
            await MonitoringFiles.CopyAsync(files.Path, service, Path.Combine(folder.Path, "Certificates", "client-failover.crt")), files.File("data"));
        await UntilScrapedAsync(prometheus);

        using var caller = new Caller(service);
        using var a = await AdapterStream.JoinAsPrimaryAsync(caller, "streams", "a");
        using var b = await AdapterStream.JoinAsync(caller, "streams", "b");
        await b.BeatAndReadAsync(50);
        await caller.CreatePairAsync("rest");
        await FailOverAsync(caller);
        using (var refused = new HttpClient { BaseAddress = service.Http })
        {
            await refused.GetAsync("/metrics");
        }

        // What happened since the first scrape is to be seen in two more.
        await PrometheusServer.UntilAsync(async () => (await prometheus.QueryAsync("clientfailover_detection_duration_seconds_count > 0")).Count > 0);
        await UntilScrapedAsync(prometheus);
        foreach (var (panel, expression) in Dashboard.Load().Queries(MonitoringFiles.Window))
        {
            var isThere = false;
            await PrometheusServer.UntilAsync(
                async () => isThere || (isThere = (await prometheus.QueryAsync(expression)).Count > 0), () => $"Panel '{panel}' shows nothing: {expression}");
        }

        Assert.That((await prometheus.QueryAsync("sum by (state) (clientfailover_groups{state=\"protected\"})")).Single().Value, Is.EqualTo(2));
        Assert.That((await prometheus.QueryAsync("clientfailover_streams")).Single().Value, Is.EqualTo(2));
        var rules = await prometheus.RulesAsync();
        Assert.That(rules, Has.Count.GreaterThan(10));
        Assert.That(rules, Is.All.Matches<(string Name, string Health, string Error)>(r => r is { Health: "ok", Error: "" }));

        // What was reported while the failover went on is over.
        await PrometheusServer.UntilAsync(async () => (await prometheus.FiringAsync()).Count == 0, () => "An alert goes on for nothing.");
    }

    [Test]
    public async Task Alerts_WhatTheyAreForHappens_Fire()
    {
        using var folder = DataFolder.Create();
        using var files = DataFolder.Create();
        var certificate = await SupplyExpiringCertificateAsync(folder, files);
        await using var service = await RunningService.StartAsync(
            folder.Path, [.. RunningService.Quick, "--MetricsGroups", "10", "--MaxRequestsPerSecondPerCaller", "500"]);
        await using var prometheus = await PrometheusServer.StartAsync(
            await MonitoringFiles.CopyAsync(files.Path, service, certificate), files.File("data"));
        await UntilScrapedAsync(prometheus);
        var fired = new HashSet<string>();

        using var caller = new Caller(service);
        await MakeBadGroupsAsync(caller);
        await caller.CreatePairAsync("flapping");
        await PrometheusServer.UntilAsync(
            async () => (await prometheus.QueryAsync("clientfailover_group_promotions_total{group=\"flapping\"}")).Count > 0, () => "The group is not shown by name.");
        await FlapAsync(caller, "flapping", changes: 15);
        await BreakStreamsAsync(service, count: 15);
        await RefuseLogonsAsync(service, count: 30);
        await MeetLimitAsync(service);
        using (LockDatabase(service))
        {
            Refusals.Of(caller.CreateGroupAsync(CallerActions.NewId())).MustBe(StatusCode.Unavailable, "STORE_UNAVAILABLE");
            await UntilFiringAsync("ClientFailoverStoreFailing", "ClientFailoverChangesRefused");
        }

        await UntilFiringAsync(
            "ClientFailoverNoPrimary", "ClientFailoverGroupSilent", "ClientFailoverUnprotected", "ClientFailoverHandoverStuck", "ClientFailoverFrequentRoleChanges",
            "ClientFailoverGroupFlapping", "ClientFailoverOverrideLong", "ClientFailoverCertificateExpiring", "ClientFailoverStreamDrops",
            "ClientFailoverFailedLogons", "ClientFailoverLimitsRefuse");
        await service.KillAsync();
        await UntilFiringAsync("ClientFailoverDown");

        var rules = await prometheus.RulesAsync();
        Assert.That(fired.Union(NotStaged), Is.EquivalentTo(rules.Select(r => r.Name)), "Each was seen to fire.");

        async Task UntilFiringAsync(params string[] alerts) => await PrometheusServer.UntilAsync(
            async () =>
            {
                fired.UnionWith(await prometheus.FiringAsync());
                return fired.IsSupersetOf(alerts);
            },
            () => $"Not firing: {string.Join(", ", alerts.Except(fired))}");
    }

    /// <summary>Waits until Prometheus has scraped from now on: after two, of rates there is something to see.</summary>
    private static async Task UntilScrapedAsync(PrometheusServer prometheus, int times = 2)
    {
        const string expression = "timestamp(up == 1)";
        double? first = null;
        await PrometheusServer.UntilAsync(async () =>
        {
            var now = (await prometheus.QueryAsync(expression)).Select(r => (double?)r.Value).FirstOrDefault();
            first ??= now;
            return now > first + times - 0.5;
        });
    }

    private static async Task FailOverAsync(Caller caller)
    {
        var group = CallerActions.NewId("failover");
        await caller.CreateGroupAsync(group, TimeSpan.FromSeconds(2));
        await caller.RegisterAsync(group, "a");
        await caller.BeatAsync(group, "a", 50);
        await caller.RegisterAsync(group, "b");
        while (await caller.BeatAsync(group, "b", 50) != V1.Role.Primary)
        {
            // a is silent.
        }

        await caller.DeleteSessionAsync(group, "a");
        await caller.DeleteSessionAsync(group, "b");
    }

    private static async Task MakeBadGroupsAsync(Caller caller)
    {
        await caller.CreateGroupAsync("silent", TimeSpan.FromSeconds(0.5));
        await caller.RegisterAsync("silent", "a");
        await caller.BeatAsync("silent", "a", 50);
        await caller.CreateGroupAsync("overridden");
        await caller.RegisterAsync("overridden", "a");
        await caller.BeatAsync("overridden", "a", 50);
        await caller.OverrideAsync("overridden", "a", V1.RoleOverride.Secondary);
        await caller.CreateGroupAsync("alone");
        await caller.RegisterAsync("alone", "a");
        await caller.BeatAsync("alone", "a", 50);
        await caller.CreatePairAsync("unconfirmed");
        await caller.BeatAsync("unconfirmed", "b", 100);
        Assert.That((await caller.StatusAsync("unconfirmed")).PendingPrimary, Is.EqualTo("b"));
    }

    private static async Task FlapAsync(Caller caller, string group, int changes)
    {
        var (primary, other) = ("a", "b");
        for (var i = 0; i < changes; i++)
        {
            await caller.BeatAsync(group, primary, 10);
            while (await caller.BeatAsync(group, other, 90) != V1.Role.Primary)
            {
                await caller.BeatAsync(group, primary, 10);
            }

            (primary, other) = (other, primary);
        }
    }

    private static async Task BreakStreamsAsync(RunningService service, int count)
    {
        using var caller = new Caller(service);
        for (var i = 0; i < count; i++)
        {
            await AdapterStream.JoinAsync(caller, "broken", $"s{i}");
        }

        caller.Cut();
    }

    private static async Task RefuseLogonsAsync(RunningService service, int count)
    {
        using var client = new HttpClient { BaseAddress = service.Http };
        for (var i = 0; i < count; i++)
        {
            using var response = await client.GetAsync("/api/v1/clientfailover/groups");
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        }
    }

    private static async Task MeetLimitAsync(RunningService service)
    {
        var refused = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, 8), async (_, cancellation) =>
        {
            // A connection that goes on is cut after a hundred refusals.
            using var client = ServiceClients.OpenHttp(service.Http, new SocketsHttpHandler(), service.Administrator.Header);
            while (Volatile.Read(ref refused) < 400)
            {
                try
                {
                    using var response = await client.GetAsync("/api/v1/clientfailover", cancellation);
                    Interlocked.Add(ref refused, response.StatusCode == HttpStatusCode.TooManyRequests ? 1 : 0);
                }
                catch (HttpRequestException)
                {
                    // Cut.
                }
            }
        });
    }

    private static SqliteConnection LockDatabase(RunningService service)
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(service.DataDirectory, "clientfailover.db")};Pooling=False");
        connection.Open();
        connection.BeginTransaction(deferred: false);
        return connection;
    }

    /// <summary>Puts a certificate that has less than 30 days into the data directory.</summary>
    /// <returns>Path of the certificate to trust.</returns>
    private static async Task<string> SupplyExpiringCertificateAsync(DataFolder data, DataFolder files)
    {
        var authority = await CertificateAuthority.CreateAsync(files.File("authority"));
        var pair = await authority.IssueAsync("localhost", "IP:127.0.0.1,DNS:localhost", CertificateAuthority.ForServers);
        Directory.CreateDirectory(data.File("Certificates/Keys"));
        File.Copy(pair + ".crt", data.File("Certificates/plant.crt"));
        File.Copy(pair + ".key", data.File("Certificates/Keys/plant.key"));
        return authority.Path;
    }
}
