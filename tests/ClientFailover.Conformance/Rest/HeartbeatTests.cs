using ClientFailover.Conformance.Running;
using NUnit.Framework;

namespace ClientFailover.Conformance.Rest;

internal sealed class HeartbeatTests : RestTests
{
    [TestCase("0")]
    [TestCase("100")]
    [TestCase("75.5")]
    [TestCase("\"75.5\"")]
    [TestCase("1e2")]
    public async Task PostHeartbeat_WithAScore_IsTaken(string score)
    {
        var group = await CreateGroupAsync();
        await RegisterAsync(group, "s");

        (await BeatAsync(group, "s", $$"""{"FailoverScore":{{score}}}""")).MustBe(200, """{"Role":1}""");
    }

    [TestCase("{}", "FailoverScore is required and must be a number from 0 to 100.")]
    [TestCase("""{"FailoverScore":null}""", "FailoverScore is required and must be a number from 0 to 100.")]
    [TestCase("""{"FailoverScore":-0.1}""", "FailoverScore is required and must be a number from 0 to 100.")]
    [TestCase("""{"FailoverScore":100.01}""", "FailoverScore is required and must be a number from 0 to 100.")]
    [TestCase("""{"FailoverScore":"NaN"}""", "FailoverScore must be a finite number.")]
    [TestCase("""{"FailoverScore":"Infinity"}""", "FailoverScore must be a finite number.")]
    [TestCase("""{"FailoverScore":1e39}""", "FailoverScore must be a finite number.")]
    [TestCase("""{"FailoverScore":"high"}""", "FailoverScore must be a finite number.")]
    [TestCase("""{"FailoverScore":true}""", "FailoverScore must be a finite number.")]
    [TestCase("""{"FailoverScore":1,"LastDataProcessedTime":5}""", "LastDataProcessedTime must be a time such as 2026-11-23T02:53:08.9522134Z.")]
    [TestCase("""{"FailoverScore":1,"HeartbeatTime":"yesterday"}""", "HeartbeatTime must be a time such as 2026-11-23T02:53:08.9522134Z.")]
    public async Task PostHeartbeat_ThatIsNotValid_Is400AndChangesNothing(string body, string reason)
    {
        var group = await CreateGroupAsync();
        await RegisterAsync(group, "s");

        (await BeatAsync(group, "s", body)).IsInvalid(reason);
        (await User.GetAsync($"groups/{group}/clientsessions/s")).MustBe(200, """{"Id":"s","Role":0,"HeartbeatPosted":false,"RoleOverride":0}""");
    }

    [Test]
    public async Task PostHeartbeat_WithoutHeartbeatTime_ShowsTheTimeOfReceipt()
    {
        var group = await CreateGroupAsync();
        await RegisterAsync(group, "s");
        var before = DateTime.UtcNow;
        await BeatAsync(group, "s");

        var shown = (await User.GetAsync($"groups/{group}/clientsessions/s")).Json().GetProperty("Heartbeat").GetProperty("HeartbeatTime");

        Assert.That(shown.GetDateTime(), Is.InRange(before, DateTime.UtcNow));
        Assert.That(shown.GetString(), Does.EndWith("Z"));
    }

    [Test]
    public async Task PostHeartbeat_OfAnUnknownSession_Is404()
    {
        var group = await CreateGroupAsync();

        (await BeatAsync(group, "s")).IsNoSession(group, "s");
    }

    [Test]
    public async Task PostHeartbeat_TooSoon_Is429WithRetryAfter()
    {
        Service = SharedService.WithDefaults;
        var group = CallerActions.NewId();
        using var user = new RestClient(Service, Service.User.Header);
        await user.PostAsync("groups", $$"""{"Id":"{{group}}"}""");
        await user.PostAsync($"groups/{group}/clientsessions", """{"Id":"s"}""");
        const string beat = """{"FailoverScore":50}""";

        // However slow the machine is: of many in a row one comes within 0.8 s of an accepted one.
        var replies = new List<Reply>();
        while (replies.Count < 50 && replies.All(r => (int)r.Status == 200))
        {
            replies.Add(await user.PostAsync($"groups/{group}/clientsessions/s/heartbeat", beat));
        }

        replies[^1].IsError(
            429,
            "HEARTBEAT_TOO_SOON",
            $"The heartbeat of session 's' in group '{group}' was refused.",
            "It came sooner after the last one than a heartbeat can be due. It counts as a sign of life.",
            "Send a heartbeat every half of the group's failover timeout.");
        Assert.That(replies[^1].Header("Retry-After"), Is.EqualTo("1"));
    }
}
