using ClientFailover.Conformance.Rest;
using ClientFailover.Conformance.Running;
using NUnit.Framework;

namespace ClientFailover.Conformance.AdapterWire;

/// <summary>What adapters in the field send, byte by byte, and what they can read. Numbers are those of the specification's rows.</summary>
internal sealed class AdapterWireTests : RestTests
{
    private const string Session = "Prefix Machine.Service";

    [Test]
    public async Task Start_OfAnAdapter_GroupSessionHeartbeats_Rows1_3_4_5_7()
    {
        var group = CallerActions.NewId();
        using var create = RestClient.Json($$"""{"Id":"{{group}}","FailoverTimeout":"00:01:00"}""");
        create.Headers.TryAddWithoutValidation("X-Requested-With", "XMLHttpRequest");

        (await User.SendAsync(HttpMethod.Post, "/api/v1/ClientFailover/groups/", create))
            .MustBe(201, $$"""{"Id":"{{group}}","FailoverTimeout":"00:01:00"}""");
        (await User.PostAsync($"/api/v1/ClientFailover/groups/{group}/ClientSessions", $$"""{"Id":"{{Session}}","Name":"Machine Service"}"""))
            .MustBe(201, $$"""{"Id":"{{Session}}","Name":"Machine Service","Role":0,"HeartbeatPosted":false,"RoleOverride":0}""");
        (await PostHeartbeatAsync(group, """{"FailoverScore":75.5,"LastDataProcessedTime":"0001-01-01T00:00:00"}"""))
            .MustBe(200, """{"Role":1}""");
        (await PostHeartbeatAsync(group, """{"FailoverScore":75.5,"LastDataProcessedTime":"2026-11-23T02:53:08.9522134Z"}"""))
            .MustBe(200, """{"Role":1,"LastDataProcessedTime":"2026-11-23T02:53:08.9522134Z"}""");
    }

    [Test]
    public async Task CreateGroup_AgainByAnotherAdapter_ComparesOnlyWhatIsSent_Row1()
    {
        var group = CallerActions.NewId();
        await User.PostAsync("groups", $$"""{"Id":"{{group}}","Name":"n","Description":"d","FailoverTimeout":"00:01:00"}""");

        (await User.PostAsync("groups/", $$"""{"Id":"{{group}}","FailoverTimeout":"00:01:00"}"""))
            .MustBe(200, $$"""{"Id":"{{group}}","Name":"n","Description":"d","FailoverTimeout":"00:01:00"}""");
    }

    [Test]
    public async Task CreateGroup_WithAnotherTimeout_Is409AndTheGetHasTheRightOne_Row2()
    {
        var group = await CreateGroupAsync("00:00:15");

        Assert.That((int)(await User.PostAsync("groups/", $$"""{"Id":"{{group}}","FailoverTimeout":"00:01:00"}""")).Status, Is.EqualTo(409));
        (await User.GetAsync($"groups/{group}")).MustBe(200, $$"""{"Id":"{{group}}","FailoverTimeout":"00:00:15"}""");
    }

    [Test]
    public async Task RegisterSession_Again_Is200_Row3()
    {
        var group = await CreateGroupAsync();
        var body = $$"""{"Id":"{{Session}}","Name":"Machine Service"}""";
        await User.PostAsync($"groups/{group}/clientsessions", body);

        (await User.PostAsync($"groups/{group}/clientsessions", body))
            .MustBe(200, $$"""{"Id":"{{Session}}","Name":"Machine Service","Role":0,"HeartbeatPosted":false,"RoleOverride":0}""");
    }

    [TestCase("2026-01-23T04:53:08+02:00")]
    [TestCase("2026-01-23T02:53:08+00:00")]
    [TestCase("2026-01-23T02:53:08")]
    public async Task LastDataProcessedTime_WithAnyOffset_IsAnsweredWithZ_Row6(string sent)
    {
        var group = await CreateGroupAsync();
        await RegisterAsync(group, "s");
        await BeatAsync(group, "s");

        (await BeatAsync(group, "s", $$"""{"FailoverScore":50,"LastDataProcessedTime":"{{sent}}"}"""))
            .MustBe(200, """{"Role":1,"LastDataProcessedTime":"2026-01-23T02:53:08Z"}""");
    }

    [Test]
    public async Task PendingPrimary_ConfirmsAtOnce_IsPrimary_Row10()
    {
        var group = await CreatePairAsync();
        await Administrator.PostAsync($"groups/{group}/clientsessions/b/roleoverride", """{"Value":"Primary"}""");

        (await BeatAsync(group, "b")).MustBe(200, """{"Role":2}""");
        (await BeatAsync(group, "b")).MustBe(200, """{"Role":1}""");
        (await BeatAsync(group, "a")).MustBe(200, """{"Role":0}""");
    }

    [Test]
    public async Task LastDataProcessedTime_ToASecondary_IsThePrimarys_Row11()
    {
        var group = await CreatePairAsync();
        await BeatAsync(group, "a", """{"FailoverScore":50,"LastDataProcessedTime":"2026-01-01T00:00:01Z"}""");

        (await BeatAsync(group, "b", """{"FailoverScore":50,"LastDataProcessedTime":"2026-01-01T00:00:02Z"}"""))
            .MustBe(200, """{"Role":0,"LastDataProcessedTime":"2026-01-01T00:00:01Z"}""");
        (await BeatAsync(group, "a", """{"FailoverScore":50,"LastDataProcessedTime":"2025-01-01T00:00:00Z"}"""))
            .MustBe(200, """{"Role":1,"LastDataProcessedTime":"2026-01-01T00:00:01Z"}""");
    }

    [Test]
    public async Task Score_EqualToThePrimarys_KeepsIt_Row12()
    {
        var group = await CreateGroupAsync();
        await RegisterAsync(group, "a");
        await RegisterAsync(group, "b");
        (await BeatAsync(group, "a", """{"FailoverScore":0.5}""")).MustBe(200, """{"Role":1}""");

        (await BeatAsync(group, "b", """{"FailoverScore":0.5}""")).MustBe(200, """{"Role":0}""");
        (await BeatAsync(group, "a", """{"FailoverScore":0.5}""")).MustBe(200, """{"Role":1}""");
    }

    [Test]
    public async Task RegisterSession_OfThePrimaryAgain_PromotesTheOther_Row14()
    {
        var group = await CreatePairAsync();
        Assert.That((int)(await User.PostAsync($"groups/{group}/clientsessions", """{"Id":"a"}""")).Status, Is.EqualTo(200));

        (await BeatAsync(group, "b")).MustBe(200, """{"Role":1}""");
        (await BeatAsync(group, "a")).MustBe(200, """{"Role":0}""");
        var events = (await User.GetAsync($"groups/{group}/events")).Json().EnumerateArray();
        Assert.That(events.Select(e => e.GetProperty("Reason").GetString()), Does.Contain("PrimaryRestarted"));
    }

    [Test]
    public async Task PostHeartbeat_WithMoreMembers_IgnoresThem_Row16()
    {
        var group = await CreateGroupAsync();
        await RegisterAsync(group, "s");

        (await BeatAsync(group, "s", """{"FailoverScore":50,"FailoverStatus":"Good","HeartbeatTime":"2026-11-23T02:53:08Z","Other":null}"""))
            .MustBe(200, """{"Role":1}""");
    }

    [Test]
    public async Task PostHeartbeat_BeforeTheGroupOrSessionIsThere_Is404_Rows8_18()
    {
        var group = CallerActions.NewId();
        Assert.That((int)(await BeatAsync(group, "s")).Status, Is.EqualTo(404));

        await User.PostAsync("groups", $$"""{"Id":"{{group}}"}""");
        Assert.That((int)(await BeatAsync(group, "s")).Status, Is.EqualTo(404));

        await RegisterAsync(group, "s");
        (await BeatAsync(group, "s")).MustBe(200, """{"Role":1}""");
    }

    [Test]
    public async Task LastDataProcessedTime_OfAClockAhead_IsCapped_Row21()
    {
        var group = await CreateGroupAsync();
        await RegisterAsync(group, "s");
        await BeatAsync(group, "s");

        var reply = await BeatAsync(group, "s", """{"FailoverScore":50,"LastDataProcessedTime":"2999-01-01T00:00:00Z"}""");

        Assert.That(reply.Json().GetProperty("LastDataProcessedTime").GetDateTime(), Is.LessThanOrEqualTo(DateTime.UtcNow));
    }

    private Task<Reply> PostHeartbeatAsync(string group, string body) =>
        User.PostAsync($"/api/v1/ClientFailover/groups/{group}/ClientSessions/{Session.Replace(" ", "%20", StringComparison.Ordinal)}/Heartbeat", body);
}
