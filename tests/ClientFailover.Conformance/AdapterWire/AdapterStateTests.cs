using ClientFailover.Conformance.Rest;
using ClientFailover.Conformance.Running;
using NUnit.Framework;

namespace ClientFailover.Conformance.AdapterWire;

/// <summary>What adapters in the field rely on with the settings that the service comes with. Numbers are those of the specification's rows.</summary>
internal sealed class AdapterStateTests : RestTests
{
    private const string Beat = """{"FailoverScore":50}""";

    [Test]
    public async Task PendingPrimary_ConfirmsAtOnceWithDefaultSettings_IsNotTooSoon_Row10()
    {
        Service = SharedService.WithDefaults;
        using var user = new RestClient(Service, Service.User.Header);
        using var administrator = new RestClient(Service, Service.Administrator.Header);
        var group = CallerActions.NewId();
        var sessions = $"groups/{group}/clientsessions";
        await user.PostAsync("groups", $$"""{"Id":"{{group}}","FailoverTimeout":"00:01:00"}""");
        await user.PostAsync(sessions, """{"Id":"a"}""");
        await user.PostAsync(sessions, """{"Id":"b"}""");
        (await user.PostAsync($"{sessions}/a/heartbeat", Beat)).MustBe(200, """{"Role":1}""");
        (await user.PostAsync($"{sessions}/b/heartbeat", Beat)).MustBe(200, """{"Role":0}""");
        await administrator.PostAsync($"{sessions}/b/roleoverride", """{"Value":"Primary"}""");

        (await user.PostAsync($"{sessions}/b/heartbeat", Beat)).MustBe(200, """{"Role":2}""");
        (await user.PostAsync($"{sessions}/b/heartbeat", Beat)).MustBe(200, """{"Role":1}""");
    }

    [Test]
    public async Task Score_GreaterByTheLeastThereIs_TakesOver_Row12()
    {
        var group = await CreateGroupAsync();
        await RegisterAsync(group, "a");
        await RegisterAsync(group, "b");
        (await BeatAsync(group, "a", """{"FailoverScore":0.5}""")).MustBe(200, """{"Role":1}""");

        (await BeatAsync(group, "b", """{"FailoverScore":0.50000006}""")).MustBe(200, """{"Role":2}""");
        (await BeatAsync(group, "b", """{"FailoverScore":0.50000006}""")).MustBe(200, """{"Role":1}""");
        (await BeatAsync(group, "a", """{"FailoverScore":0.5}""")).MustBe(200, """{"Role":0}""");
    }

    [Test]
    public async Task LastDataProcessedTime_OfAPrimaryThatIsGone_IsKeptOverFailoverAndRestart_Row11()
    {
        const string reply = """{"Role":1,"LastDataProcessedTime":"2026-01-01T00:00:01.1234567Z"}""";
        using var folder = DataFolder.Create();
        await using (var service = await RunningService.StartAsync(folder.Path, RunningService.Quick))
        {
            Service = service;
            using var user = new RestClient(service, service.User.Header);
            await user.PostAsync("groups", """{"Id":"g"}""");
            await user.PostAsync("groups/g/clientsessions", """{"Id":"a"}""");
            await user.PostAsync("groups/g/clientsessions", """{"Id":"b"}""");
            await user.PostAsync("groups/g/clientsessions/a/heartbeat", Beat);
            await user.PostAsync("groups/g/clientsessions/b/heartbeat", Beat);
            (await user.PostAsync("groups/g/clientsessions/a/heartbeat", """{"FailoverScore":50,"LastDataProcessedTime":"2026-01-01T00:00:01.1234567Z"}"""))
                .MustBe(200, reply);

            await user.DeleteAsync("groups/g/clientsessions/a");

            (await user.PostAsync("groups/g/clientsessions/b/heartbeat", Beat)).MustBe(200, reply);
            await service.KillAsync();
        }

        await using var again = await RunningService.StartAsync(folder.Path, RunningService.Quick);
        Service = again;
        using var same = new RestClient(again, again.User.Header);
        (await same.PostAsync("groups/g/clientsessions/b/heartbeat", Beat)).MustBe(200, reply);
    }

    [Test]
    public async Task Heartbeat_OfAnUnknownSession_LeavesNoLineInTheLog_Row18()
    {
        Service = SharedService.WithDefaults;
        using var user = new RestClient(Service, Service.User.Header);
        var (unknown, later) = (CallerActions.NewId(), CallerActions.NewId());
        (await user.PostAsync($"groups/{unknown}/clientsessions/s/heartbeat", Beat)).IsNoGroup(unknown);

        await user.PostAsync("groups", $$"""{"Id":"{{later}}"}""");

        Assert.That(() => Service.Output, Does.Contain(later).After(60_000, 100));
        Assert.That(Service.Output, Does.Not.Contain(unknown));
    }

    [Test]
    public async Task LastDataProcessedTime_OfAClockAhead_IsWarnedOfOnce_Row21()
    {
        var group = await CreateGroupAsync();
        await RegisterAsync(group, "s");
        for (var i = 0; i < 3; i++)
        {
            await BeatAsync(group, "s", """{"FailoverScore":50,"LastDataProcessedTime":"2999-01-01T00:00:00Z"}""");
        }

        await Administrator.PostAsync($"groups/{group}/clientsessions/s/roleoverride", """{"Value":"Primary"}""");

        Assert.That(() => Service.Output, Does.Contain($"{group}: role override of session s is Primary").After(60_000, 100));
        Assert.That(() => Warnings(), Is.EqualTo(1).After(60_000, 100));

        int Warnings() => Service.Output.Split('\n').Count(l => l.Contains($"{group}: the clock of session s is ", StringComparison.Ordinal));
    }
}
