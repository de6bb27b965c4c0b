using NUnit.Framework;

namespace ClientFailover.Conformance.Rest;

internal sealed class SessionTests : RestTests
{
    [Test]
    public async Task RegisterSession_WithEverything_IsCreatedAndReadBack()
    {
        var group = await CreateGroupAsync();
        const string session = """{"Id":"S 1","Name":"n","Role":0,"HeartbeatPosted":false,"RoleOverride":0,"AdditionalData":{"a":1}}""";

        (await User.PostAsync($"groups/{group}/clientsessions", """{"Id":"S 1","Name":"n","AdditionalData":{"a":1}}""")).MustBe(201, session);
        (await User.GetAsync($"groups/{group}/clientsessions/s%201")).MustBe(200, session);
    }

    [Test]
    public async Task RegisterSession_WithManyMistakes_NamesThemAll() =>
        (await User.PostAsync(
            $"groups/{await CreateGroupAsync()}/clientsessions",
            $$$"""{"Id":"..","Name":"{{{new string('n', 257)}}}","AdditionalData":{"a":"{{{new string('x', 16 * 1024)}}}"}}"""))
            .IsInvalid(
                "Id must have 1 to 256 characters, none of / \\\\ ? # %, no control characters, no blank at either end, and not be \\\".\\\" or \\\"..\\\"; "
                + "Name must be well-formed text of at most 256 characters, without NUL; AdditionalData must be at most 16 KiB of JSON.");

    [Test]
    public async Task RegisterSession_WithoutId_MakesAGuid()
    {
        var group = await CreateGroupAsync();

        var reply = await User.PostAsync($"groups/{group}/clientsessions", "{}");

        Assert.That((int)reply.Status, Is.EqualTo(201));
        Assert.That(Guid.TryParseExact(reply.Json().GetProperty("Id").GetString(), "D", out _), Is.True, reply.Body);
    }

    [Test]
    public async Task RegisterSession_Again_Is200()
    {
        var group = await CreateGroupAsync();
        await User.PostAsync($"groups/{group}/clientsessions", """{"Id":"s","Name":"n"}""");

        (await User.PostAsync($"groups/{group}/clientsessions", """{"Id":"S","Name":"n"}"""))
            .MustBe(200, """{"Id":"s","Name":"n","Role":0,"HeartbeatPosted":false,"RoleOverride":0}""");
        (await User.PostAsync($"groups/{group}/clientsessions", """{"Id":"s"}"""))
            .MustBe(200, """{"Id":"s","Name":"n","Role":0,"HeartbeatPosted":false,"RoleOverride":0}""");
    }

    [Test]
    public async Task RegisterSession_AgainWithANameForTheFirstTime_FillsIt()
    {
        var group = await CreateGroupAsync();
        await RegisterAsync(group, "s");

        (await User.PostAsync($"groups/{group}/clientsessions", """{"Id":"s","Name":"n"}"""))
            .MustBe(200, """{"Id":"s","Name":"n","Role":0,"HeartbeatPosted":false,"RoleOverride":0}""");
    }

    [Test]
    public async Task RegisterSession_AgainWithAnotherName_Is409()
    {
        var group = await CreateGroupAsync();
        await User.PostAsync($"groups/{group}/clientsessions", """{"Id":"s","Name":"n"}""");

        (await User.PostAsync($"groups/{group}/clientsessions", """{"Id":"s","Name":"m"}""")).IsError(
            409,
            "SESSION_NAME_DIFFERS",
            $"Session 's' was not registered in group '{group}'.",
            "The id is registered already, under a different name.",
            "Use an id of its own for each adapter, or delete the session first if it is out of use.");
    }

    [Test]
    public async Task ListSessions_OfSeveral_IsInTheOrderOfRegistration()
    {
        var group = await CreateGroupAsync();
        await RegisterAsync(group, "z");
        await RegisterAsync(group, "a");

        (await User.GetAsync($"groups/{group}/clientsessions")).MustBe(
            200,
            """[{"Id":"z","Role":0,"HeartbeatPosted":false,"RoleOverride":0},{"Id":"a","Role":0,"HeartbeatPosted":false,"RoleOverride":0}]""");
    }

    [Test]
    public async Task ListSessions_OfNone_IsAnEmptyArray() =>
        (await User.GetAsync($"groups/{await CreateGroupAsync()}/clientsessions")).MustBe(200, "[]");

    [Test]
    public async Task GetSession_AfterAHeartbeat_ShowsWhatItSaid()
    {
        var group = await CreateGroupAsync();
        await RegisterAsync(group, "s");
        await BeatAsync(
            group,
            "s",
            """{"FailoverScore":75.5,"LastDataProcessedTime":"2026-01-02T03:04:05.1234567Z","HeartbeatTime":"2026-01-02T04:04:06+01:00"}""");

        (await User.GetAsync($"groups/{group}/clientsessions/s")).MustBe(
            200,
            """{"Id":"s","Heartbeat":{"FailoverScore":75.5,"LastDataProcessedTime":"2026-01-02T03:04:05.1234567Z","HeartbeatTime":"2026-01-02T03:04:06Z"},"Role":1,"HeartbeatPosted":true,"RoleOverride":0}""");
    }

    [Test]
    public async Task GetSession_Unknown_Is404()
    {
        var group = await CreateGroupAsync();

        (await User.GetAsync($"groups/{group}/clientsessions/s")).IsNoSession(group, "s");
    }

    [Test]
    public async Task DeleteSession_OfThePrimary_ReplacesItAtOnce()
    {
        var group = await CreatePairAsync();

        (await User.DeleteAsync($"groups/{group}/clientsessions/a")).IsNoContent();

        (await BeatAsync(group, "b")).MustBe(200, """{"Role":1}""");
        (await User.GetAsync($"groups/{group}/clientsessions/a")).IsNoSession(group, "a");
        (await User.DeleteAsync($"groups/{group}/clientsessions/a")).IsNoSession(group, "a");
    }

    [TestCase("GET", "clientsessions")]
    [TestCase("POST", "clientsessions")]
    [TestCase("GET", "clientsessions/s")]
    [TestCase("DELETE", "clientsessions/s")]
    [TestCase("POST", "clientsessions/s/heartbeat")]
    [TestCase("GET", "status")]
    [TestCase("GET", "events")]
    public async Task AnyRoute_OfAnUnknownGroup_Is404(string method, string route)
    {
        using var body = method == "POST" ? RestClient.Json("""{"FailoverScore":1}""") : null;

        (await User.SendAsync(new HttpMethod(method), $"groups/nobody/{route}", body)).IsNoGroup("nobody");
    }
}
