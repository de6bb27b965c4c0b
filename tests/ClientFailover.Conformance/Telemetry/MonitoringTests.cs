using ClientFailover.Conformance.Disk;
using ClientFailover.Conformance.Health;
using ClientFailover.Conformance.Running;
using ClientFailover.Conformance.Streams;
using ClientFailover.HealthReceiver;
using Grpc.Core;
using NUnit.Framework;

namespace ClientFailover.Conformance.Telemetry;

/// <summary>
/// A real Prometheus with the files of <c>samples/monitoring</c>, shortened in their times, and the executable: in good order every
/// panel shows something and nothing but what is meant is reported; then what each alert is for happens.
/// </summary>
public sealed class MonitoringTests
{
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
        var certificate = await Misfortunes.SupplyExpiringCertificateAsync(folder, files);
        await using var receiver = await HealthEndpoints.ReceiveAsync(_ => new Fault.Status(503));
        await using var service = await RunningService.StartAsync(
            folder.Path, [.. RunningService.Quick, "--MetricsGroups", "10", "--MaxRequestsPerSecondPerCaller", "500"]);
        await using var prometheus = await PrometheusServer.StartAsync(
            await MonitoringFiles.CopyAsync(files.Path, service, certificate), files.File("data"));
        await UntilScrapedAsync(prometheus);
        var fired = new HashSet<string>();

        using var caller = new Caller(service);
        await Misfortunes.MakeBadGroupsAsync(caller);
        await caller.CreatePairAsync("flapping");
        await PrometheusServer.UntilAsync(
            async () => (await prometheus.QueryAsync("clientfailover_group_promotions_total{group=\"flapping\"}")).Count > 0, () => "The group is not shown by name.");
        await service.ConfigureAsync(HealthEndpoints.At("pi", receiver.Endpoint));

        // As long as few commits have been counted, one that takes a second is one in a hundred.
        await PrometheusServer.UntilAsync(
            async () =>
            {
                await Misfortunes.DelayCommitAsync(service, caller);
                fired.UnionWith(await prometheus.FiringAsync());
                return fired.Contains("ClientFailoverStoreSlow");
            },
            () => "Commits that take a second are not reported.");
        await Misfortunes.FlapAsync(caller, "flapping", changes: 15);
        await Misfortunes.BreakStreamsAsync(service, count: 15);
        await Misfortunes.RefuseLogonsAsync(service, count: 30);
        await Misfortunes.MeetLimitAsync(service);
        using (new DatabaseLock(service))
        {
            Refusals.Of(caller.CreateGroupAsync(CallerActions.NewId())).MustBe(StatusCode.Unavailable, "STORE_UNAVAILABLE");
            await UntilFiringAsync("ClientFailoverStoreFailing", "ClientFailoverChangesRefused");
        }

        await UntilFiringAsync(
            "ClientFailoverNoPrimary", "ClientFailoverGroupSilent", "ClientFailoverUnprotected", "ClientFailoverHandoverStuck", "ClientFailoverFrequentRoleChanges",
            "ClientFailoverGroupFlapping", "ClientFailoverOverrideLong", "ClientFailoverCertificateExpiring", "ClientFailoverStreamDrops",
            "ClientFailoverFailedLogons", "ClientFailoverLimitsRefuse", "ClientFailoverHealthSendsFail");
        await service.KillAsync();
        await UntilFiringAsync("ClientFailoverDown");

        var rules = await prometheus.RulesAsync();
        Assert.That(fired, Is.EquivalentTo(rules.Select(r => r.Name)), "Each was seen to fire.");

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
}
