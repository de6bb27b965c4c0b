using ClientFailover.Conformance.Running;
using NUnit.Framework;

namespace ClientFailover.Conformance.Rest;

internal sealed class EventTests : RestTests
{
    [Test]
    public async Task ListEvents_OfAGroup_TellsNewestFirst()
    {
        var group = await CreateGroupAsync();
        await RegisterAsync(group, "s");
        await BeatAsync(group, "s");

        var reply = await User.GetAsync($"groups/{group}/events");

        var events = reply.Json().EnumerateArray().ToArray();
        Assert.That(
            events.Select(e => e.GetProperty("Reason").GetString()),
            Is.EqualTo(new[] { "OnlyClientInGroup", "SessionRegistered", "GroupCreated" }));
        Assert.That(reply.Header("Total-Count"), Is.EqualTo("3"));
        var (promotion, registration) = (events[0], events[1]);
        Assert.That(
            promotion.GetRawText(),
            Is.EqualTo(
                $$"""{"Time":"{{promotion.GetProperty("Time").GetString()}}","Revision":{{promotion.GetProperty("Revision").GetInt64()}},"Term":1,"GroupId":"{{group}}","SessionId":"s","OldRole":0,"NewRole":1,"Reason":"OnlyClientInGroup","TakeoverTime":"{{promotion.GetProperty("TakeoverTime").GetString()}}"}"""));
        Assert.That(
            registration.GetRawText(),
            Is.EqualTo(
                $$"""{"Time":"{{registration.GetProperty("Time").GetString()}}","Revision":{{registration.GetProperty("Revision").GetInt64()}},"GroupId":"{{group}}","SessionId":"s","Reason":"SessionRegistered"}"""));
        Assert.That(promotion.GetProperty("Time").GetString(), Does.EndWith("Z"));
    }

    [Test]
    public async Task ListEvents_WithAPage_AnswersIt()
    {
        var group = await CreateGroupAsync();
        await RegisterAsync(group, "s");

        var reply = await User.GetAsync($"groups/{group}/events?Skip=1&count=1");

        Assert.That(reply.Json().EnumerateArray().Single().GetProperty("Reason").GetString(), Is.EqualTo("GroupCreated"));
        Assert.That(reply.Header("Total-Count"), Is.EqualTo("2"));
        (await User.GetAsync($"groups/{group}/events?count=0")).IsInvalid("count must be from 1 to 1000.");
    }

    [Test]
    public async Task WatchEvents_OfAGroup_SendsItsStateThenEveryChange()
    {
        var group = await CreateGroupAsync();
        using var watch = await User.StreamAsync($"events:watch?GROUP={group}");

        var state = await watch.ReadAsync();
        var complete = await watch.ReadAsync();
        await RegisterAsync(group, "s");
        var change = await watch.ReadAsync();

        Assert.That(watch.Response.Content.Headers.ContentType!.ToString(), Is.EqualTo("application/x-ndjson"));
        Assert.That(state, Does.Match($$$"""^\{"Revision":[0-9]+,"State":\{"Group":\{"Id":"{{{group}}}","FailoverTimeout":"00:01:00"\},"Status":\{\}\}\}$"""));
        Assert.That(complete, Does.Match("""^\{"Revision":[0-9]+,"SnapshotComplete":true\}$"""));
        Assert.That(
            change,
            Does.Match(
                $$$"""^\{"Revision":([0-9]+),"Event":\{"Time":"[^"]+Z","Revision":\1,"GroupId":"{{{group}}}","SessionId":"s","Reason":"SessionRegistered"\}\}$"""));
    }

    [Test]
    public async Task WatchEvents_AfterARevision_ResumesThere()
    {
        var group = await CreateGroupAsync();
        long revision;
        using (var first = await User.StreamAsync($"events:watch?group={group}"))
        {
            var complete = await first.ReadUntilAsync(l => l.TryGetProperty("SnapshotComplete", out _));
            revision = complete.GetProperty("Revision").GetInt64();
        }

        await RegisterAsync(group, "s");
        using var second = await User.StreamAsync($"events:watch?group={group}&after={revision}");

        Assert.That(await second.ReadAsync(), Is.EqualTo($$"""{"Revision":{{revision}},"Resumed":true}"""));
        var change = await second.ReadUntilAsync(l => l.TryGetProperty("Event", out _));
        Assert.That(change.GetProperty("Event").GetProperty("Reason").GetString(), Is.EqualTo("SessionRegistered"));
    }

    [Test]
    public async Task WatchEvents_OfAGroupThatDoesNotExist_StartsEmpty()
    {
        using var watch = await User.StreamAsync($"events:watch?group={CallerActions.NewId()}");

        Assert.That(await watch.ReadAsync(), Does.Match("""^\{"Revision":[0-9]+,"SnapshotComplete":true\}$"""));
    }

    [TestCase("?after=-1", "after must be 0 or more.")]
    [TestCase("?after=x", "after must be a whole number.")]
    [TestCase("?group=", "group must not be empty.")]
    [TestCase("?group=a&Group=b", "group must be given once.")]
    public async Task WatchEvents_ThatIsNotValid_Is400(string query, string reason)
    {
        using var watch = await User.StreamAsync("events:watch" + query);
        var reply = new Reply(watch.Response.StatusCode, (await watch.ReadAsync()).TrimEnd(), watch.Response);

        reply.IsInvalid(reason);
    }
}
