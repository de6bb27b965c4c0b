using ClientFailover.Conformance.Rest;
using ClientFailover.Conformance.Running;
using NUnit.Framework;

namespace ClientFailover.Conformance.AdapterWire;

/// <summary>What takes time or a restart: awaited, never slept for.</summary>
internal sealed class FailoverTests : RestTests
{
    [Test]
    public async Task Primary_ThatFallsSilent_IsReplacedByABeatOfTheOther()
    {
        var group = await CreateGroupAsync("00:00:00.5000000");
        await RegisterAsync(group, "a");
        await RegisterAsync(group, "b");
        using var watch = await User.StreamAsync($"events:watch?group={group}");
        await BeatAsync(group, "a", """{"FailoverScore":50,"LastDataProcessedTime":"2026-01-01T00:00:01Z"}""");

        // The other goes on beating until it is told that it is Primary.
        Reply reply;
        do
        {
            reply = await BeatAsync(group, "b");
        }
        while (reply.Json().GetProperty("Role").GetInt32() != 1);

        var promotion = await watch.ReadUntilAsync(l =>
            l.TryGetProperty("Event", out var e) && e.TryGetProperty("SessionId", out var s) && s.GetString() == "b"
            && e.TryGetProperty("NewRole", out var role) && role.GetInt32() == 1);
        Assert.That(
            promotion.GetProperty("Event").GetRawText(),
            Does.Match(
                $$"""^\{"Time":"[^"]+Z","Revision":[0-9]+,"Term":2,"GroupId":"{{group}}","SessionId":"b","OldRole":2,"NewRole":1,"Reason":"PrimaryTimedOut","DetectionTime":"00:00:[0-9.]+","TakeoverTime":"00:00:[0-9.]+"\}$"""));
        Assert.That((await User.GetAsync($"groups/{group}/clientsessions/a")).Json().GetProperty("Role").GetInt32(), Is.Zero);
    }

    [Test]
    public async Task Service_KilledAndStartedAgain_KeepsEverything_Rows8_9()
    {
        using var folder = DataFolder.Create();
        await using var first = await RunningService.StartAsync(folder.Path, RunningService.Quick);
        Service = first;
        string[] paths = ["groups/g", "groups/g/status", "groups/g/clientsessions/b"];
        var before = new List<string>();
        using (var user = new RestClient(first, first.User.Header))
        {
            await user.PostAsync("groups", """{"Id":"g","Name":"n","AdditionalData":{"a":1}}""");
            await user.PostAsync("groups/g/clientsessions", """{"Id":"a"}""");
            await user.PostAsync("groups/g/clientsessions", """{"Id":"b","Name":"n"}""");
            (await user.PostAsync("groups/g/clientsessions/a/heartbeat", """{"FailoverScore":50}""")).MustBe(200, """{"Role":1}""");
            foreach (var path in paths)
            {
                before.Add((await user.GetAsync(path)).Body);
            }
        }

        await first.KillAsync();
        await using var second = await RunningService.StartAsync(folder.Path, RunningService.Quick);
        Service = second;
        using var again = new RestClient(second, second.User.Header);
        var after = new List<string>();
        foreach (var path in paths)
        {
            after.Add((await again.GetAsync(path)).Body);
        }

        Assert.That(after, Is.EqualTo(before));
        (await again.PostAsync("groups/g/clientsessions/b/heartbeat", """{"FailoverScore":50}""")).MustBe(200, """{"Role":0}""");
        (await again.PostAsync("groups/g/clientsessions/a/heartbeat", """{"FailoverScore":50}""")).MustBe(200, """{"Role":1}""");
    }
}
