using ClientFailover.Conformance.Running;
using NUnit.Framework;

namespace ClientFailover.Conformance.Rest;

internal sealed class GroupTests : RestTests
{
    [Test]
    public async Task CreateGroup_WithEverything_IsCreatedAndReadBack()
    {
        var id = CallerActions.NewId();
        var group = $$$$"""{"Id":"{{{{id}}}}","Name":"Name é","Description":"Text","FailoverTimeout":"00:00:30.5000000","AdditionalData":{"b":[1,2.5,null,true],"a":{"x":"y"}}}""";

        (await User.PostAsync("groups", group)).MustBe(201, group);
        (await User.GetAsync($"groups/{id}")).MustBe(200, group);
    }

    [Test]
    public async Task CreateGroup_WithIdOnly_TakesTheDefaultTimeout()
    {
        var id = CallerActions.NewId();
        (await User.PostAsync("groups", $$"""{"Id":"{{id}}"}""")).MustBe(201, $$"""{"Id":"{{id}}","FailoverTimeout":"00:01:00"}""");
    }

    [Test]
    public async Task CreateGroup_WithEmptyMembers_LeavesThemOut()
    {
        var id = CallerActions.NewId();
        (await User.PostAsync("groups", $$$"""{"Id":"{{{id}}}","Name":"","Description":null,"AdditionalData":{}}"""))
            .MustBe(201, $$"""{"Id":"{{id}}","FailoverTimeout":"00:01:00"}""");
    }

    [Test]
    public async Task CreateGroup_AgainTheSame_Is200()
    {
        var id = CallerActions.NewId();
        var group = $$$$"""{"Id":"{{{{id}}}}","Name":"n","FailoverTimeout":"00:00:30","AdditionalData":{"a":1,"b":{"c":[2]}}}""";
        await User.PostAsync("groups", group);

        (await User.PostAsync("groups", $$"""{"Id":"{{id}}"}""")).MustBe(200, group);
        (await User.PostAsync("groups", $$$"""{"Id":"{{{id.ToUpperInvariant()}}}","AdditionalData":{"b":{"c":[2.0]},"a":1}}""")).MustBe(200, group);
        (await User.PostAsync("groups", group)).MustBe(200, group);
    }

    [TestCase("\"FailoverTimeout\":\"00:00:31\"")]
    [TestCase("\"Name\":\"other\"")]
    [TestCase("\"Description\":\"other\"")]
    [TestCase("\"AdditionalData\":{\"a\":2}")]
    public async Task CreateGroup_AgainWithADifference_Is409AndChangesNothing(string difference)
    {
        var id = CallerActions.NewId();
        var group = $$$"""{"Id":"{{{id}}}","Name":"n","FailoverTimeout":"00:00:30","AdditionalData":{"a":1}}""";
        await User.PostAsync("groups", group);

        (await User.PostAsync("groups", $$"""{"Id":"{{id}}",{{difference}}}""")).IsError(
            409,
            "GROUP_DIFFERS",
            $"Group '{id}' was not created.",
            "It exists already, with a different configuration.",
            "Read the group and adopt its configuration, or delete it and create it again.");
        (await User.GetAsync($"groups/{id}")).MustBe(200, group);
    }

    [TestCase("00:00:00.1999999")]
    [TestCase("1.00:00:00.0000001")]
    [TestCase("10675199.02:48:05")]
    public async Task CreateGroup_WithATimeoutOutOfRange_Is400(string timeout) =>
        (await User.PostAsync("groups", $$"""{"Id":"{{CallerActions.NewId()}}","FailoverTimeout":"{{timeout}}"}"""))
            .IsInvalid("FailoverTimeout must be from 00:00:00.2000000 to 1.00:00:00.");

    [TestCase("00:00:00.2000000")]
    [TestCase("1.00:00:00")]
    public async Task CreateGroup_WithATimeoutAtTheEndsOfTheRange_IsCreated(string timeout) => await CreateGroupAsync(timeout);

    [Test]
    public async Task CreateGroup_WithTheLongestTexts_IsCreated()
    {
        var id = CallerActions.NewId();
        var data = $$"""{"a":"{{new string('x', (16 * 1024) - 8)}}"}""";
        var group =
            $$"""{"Id":"{{id}}","Name":"{{new string('n', 256)}}","Description":"{{new string('d', 4096)}}","FailoverTimeout":"00:01:00","AdditionalData":{{data}}}""";

        (await User.PostAsync("groups", group)).MustBe(201, group);
        (await User.PostAsync("groups", $$"""{"Id":"{{id}}","AdditionalData":{{data.Replace("x\"", "xx\"", StringComparison.Ordinal)}}}"""))
            .IsInvalid("AdditionalData must be at most 16 KiB of JSON.");
    }

    [Test]
    public async Task GetGroup_Unknown_Is404() => (await User.GetAsync("groups/nobody")).IsNoGroup("nobody");

    [Test]
    public async Task DeleteGroup_WithoutSessions_Is204AndItIsGone()
    {
        var id = await CreateGroupAsync();

        (await Administrator.DeleteAsync($"groups/{id}")).IsNoContent();
        (await User.GetAsync($"groups/{id}")).IsNoGroup(id);
        (await Administrator.DeleteAsync($"groups/{id}")).IsNoGroup(id);
    }

    [Test]
    public async Task DeleteGroup_WhoseSessionsHaveTimedOut_Is204()
    {
        var id = await CreateGroupAsync("00:00:00.3000000");
        using var watch = await User.StreamAsync($"events:watch?group={id}");
        await RegisterAsync(id, "s");
        await BeatAsync(id, "s");
        await watch.ReadUntilAsync(l => l.TryGetProperty("Event", out var e) && e.GetProperty("Reason").GetString() == "SessionTimedOut");

        (await Administrator.DeleteAsync($"groups/{id}")).IsNoContent();
        (await User.GetAsync($"groups/{id}/clientsessions/s")).IsNoGroup(id);
    }

    [Test]
    public async Task DeleteGroup_WithAnActiveSession_Is409()
    {
        var id = await CreateGroupAsync();
        await RegisterAsync(id, "s");

        (await Administrator.DeleteAsync($"groups/{id}")).IsError(
            409,
            "GROUP_ACTIVE",
            $"Group '{id}' was not deleted.",
            "It has active sessions.",
            "Stop its adapters, delete their sessions or let them time out, then try again.");
    }

    [Test]
    public async Task GetGroupStatus_WithoutAPrimary_IsEmpty() =>
        (await User.GetAsync($"groups/{await CreateGroupAsync()}/status")).MustBe(200, "{}");

    [Test]
    public async Task GetGroupStatus_WithAPrimary_NamesIt()
    {
        var id = await CreateGroupAsync();
        await RegisterAsync(id, "s");
        await BeatAsync(id, "s");
        await BeatAsync(id, "s", """{"FailoverScore":50,"LastDataProcessedTime":"2026-01-02T03:04:05.1234567Z"}""");

        (await User.GetAsync($"groups/{id}/status")).MustBe(200, """{"Primary":"s","LastDataProcessedTime":"2026-01-02T03:04:05.1234567Z"}""");
    }
}
