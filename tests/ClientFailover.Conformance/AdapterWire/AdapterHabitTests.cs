using System.Diagnostics;
using System.Net;
using ClientFailover.Conformance.Rest;
using ClientFailover.Conformance.Running;
using NUnit.Framework;

namespace ClientFailover.Conformance.AdapterWire;

/// <summary>
/// How adapters in the field come, go and keep time. Numbers are those of the specification's rows. Of row 19 there is
/// nothing to test: an adapter that starts in its last role may egress before the service hears of it, and the service
/// has nothing to do about that; what it is answered then is tested here.
/// </summary>
internal sealed class AdapterHabitTests : RestTests
{
    [Test]
    public async Task DeleteSession_OfThePrimaryThatStops_PromotesTheOtherAtOnce_Row13()
    {
        var group = await CreateGroupAsync();
        await RegisterAsync(group, "a");
        await RegisterAsync(group, "b");
        (await BeatAsync(group, "a")).MustBe(200, """{"Role":1}""");
        (await BeatAsync(group, "b")).MustBe(200, """{"Role":0}""");

        (await User.SendAsync(HttpMethod.Delete, $"groups/{group}/clientsessions/a")).IsNoContent();

        (await User.GetAsync($"groups/{group}/status")).MustBe(200, """{"PendingPrimary":"b"}""");
        await BeatAsync(group, "b");
        (await BeatAsync(group, "b")).MustBe(200, """{"Role":1}""");
    }

    [Test]
    public async Task FirstCall_WithCredentialsAndUnescapedIds_IsAnsweredWithoutRedirectOrChallenge_Row15()
    {
        var group = CallerActions.NewId() + " (Group+1)";
        var create = await User.PostAsync("groups/", $$"""{"Id":"{{group}}"}""");
        var path = $"groups/{group.Replace(" ", "%20", StringComparison.Ordinal)}/clientsessions";
        var register = await User.PostAsync(path, """{"Id":"Pre!Machine,1 Service;A"}""");
        var beat = await User.PostAsync($"{path}/Pre!Machine,1%20Service;A/heartbeat", """{"FailoverScore":1}""");

        Assert.That(
            new[] { create, register, beat }.Select(r => r.Status),
            Is.EqualTo(new[] { HttpStatusCode.Created, HttpStatusCode.Created, HttpStatusCode.OK }));
        Assert.That(
            new[] { create, register, beat }.Select(r => (r.Header("Location"), r.Header("WWW-Authenticate"))),
            Is.All.EqualTo(((string?)null, (string?)null)));
    }

    [Test]
    public async Task Heartbeats_OfAnAdapterWhoseOwnTimeoutIsLonger_AreWarnedAboutWithBothIntervals_Row17()
    {
        var group = await CreateGroupAsync("00:00:00.4000000");
        await RegisterAsync(group, "s");
        using var adapter = new PeriodicTimer(TimeSpan.FromSeconds(0.35));

        // The log is read by another thread than the reply: so it goes on until the warning is there.
        var warning = new System.Text.RegularExpressions.Regex(
            $"Group \\S*{group}\\S*: session s sends a heartbeat every \\d+\\.\\d s, but the group's failover timeout is 0\\.4 s, so one is due every 0\\.2 s\\.");
        var patience = Stopwatch.StartNew();
        while (!warning.IsMatch(Service.Output) && patience.Elapsed < TimeSpan.FromSeconds(60))
        {
            await BeatAsync(group, "s");
            await adapter.WaitForNextTickAsync();
        }

        Assert.That(Service.Output, Does.Match(warning.ToString()));
    }

    [Test]
    public async Task FirstBeat_OfAFormerPrimaryThatStoppedCleanly_IsAnsweredTheRoleItHasNow_Row19()
    {
        var group = await CreateGroupAsync();
        await RegisterAsync(group, "a");
        await RegisterAsync(group, "b");
        await BeatAsync(group, "a");
        await BeatAsync(group, "b");
        await User.SendAsync(HttpMethod.Delete, $"groups/{group}/clientsessions/a");
        await BeatAsync(group, "b");
        await BeatAsync(group, "b");

        await RegisterAsync(group, "a");

        (await BeatAsync(group, "a")).MustBe(200, """{"Role":0}""");
        (await BeatAsync(group, "b")).MustBe(200, """{"Role":1}""");
    }

    [Test]
    public async Task Primary_OneOfWhoseBeatsIsLost_StaysPrimaryWithinTheTolerance_Row20()
    {
        using var data = DataFolder.Create();
        await using var service = await RunningService.StartAsync(data.Path, "--MinimumHeartbeatInterval", "0", "--HeartbeatTolerance", "00:01:00");
        Service = service;
        using var user = new RestClient(service, service.User.Header);
        await user.PostAsync("groups", """{"Id":"g","FailoverTimeout":"00:00:01"}""");
        await user.PostAsync("groups/g/clientsessions", """{"Id":"a"}""");
        await user.PostAsync("groups/g/clientsessions", """{"Id":"b"}""");
        (await user.PostAsync("groups/g/clientsessions/a/heartbeat", """{"FailoverScore":50}""")).MustBe(200, """{"Role":1}""");

        // The other beats on; of the Primary none arrives for more than the failover timeout.
        var silence = Stopwatch.StartNew();
        while (silence.Elapsed < TimeSpan.FromSeconds(1.2))
        {
            (await user.PostAsync("groups/g/clientsessions/b/heartbeat", """{"FailoverScore":50}""")).MustBe(200, """{"Role":0}""");
        }

        (await user.PostAsync("groups/g/clientsessions/a/heartbeat", """{"FailoverScore":50}""")).MustBe(200, """{"Role":1}""");
    }
}
