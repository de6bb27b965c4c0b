using NUnit.Framework;

namespace ClientFailover.Conformance.Rest;

internal sealed class RoleOverrideTests : RestTests
{
    [TestCase("\"Secondary\"", 2)]
    [TestCase("\"secondary\"", 2)]
    [TestCase("2", 2)]
    [TestCase("\"2\"", 2)]
    [TestCase("\"PRIMARY\"", 1)]
    [TestCase("1", 1)]
    [TestCase("\"Off\"", 0)]
    [TestCase("0", 0)]
    public async Task SetRoleOverride_ByNumberOrName_AnswersTheNumber(string value, int number)
    {
        var path = await CreateSessionAsync();

        (await Administrator.PostAsync($"{path}/roleoverride", $$"""{"Value":{{value}}}""")).MustBe(200, $$"""{"Value":{{number}}}""");
        (await User.GetAsync(path)).MustBe(200, $$"""{"Id":"s","Role":0,"HeartbeatPosted":false,"RoleOverride":{{number}}}""");
    }

    [Test]
    public async Task SetRoleOverride_WithAPeriod_TellsWhenItEnds()
    {
        var path = await CreateSessionAsync();
        var before = DateTime.UtcNow.AddHours(8);

        var reply = await Administrator.PostAsync($"{path}/roleoverride", """{"Value":"Primary","ExpirationPeriod":"08:00:00"}""");

        var expires = reply.Json().GetProperty("RoleOverrideExpirationTime");
        reply.MustBe(200, $$"""{"Value":1,"RoleOverrideExpirationTime":"{{expires.GetString()}}"}""");
        Assert.That(expires.GetDateTime(), Is.InRange(before, DateTime.UtcNow.AddHours(8)));
        (await User.GetAsync(path)).MustBe(
            200,
            $$"""{"Id":"s","Role":0,"HeartbeatPosted":false,"RoleOverride":1,"RoleOverrideExpirationTime":"{{expires.GetString()}}"}""");
    }

    [Test]
    public async Task SetRoleOverride_OffWithAPeriod_IgnoresThePeriod() =>
        (await Administrator.PostAsync($"{await CreateSessionAsync()}/roleoverride", """{"Value":"Off","ExpirationPeriod":"00:00:00"}"""))
            .MustBe(200, """{"Value":0}""");

    [TestCase("{}", "Value is required and must be Off (0), Primary (1) or Secondary (2).")]
    [TestCase("""{"Value":null}""", "Value is required and must be Off (0), Primary (1) or Secondary (2).")]
    [TestCase("""{"Value":3}""", "Value must be one of Off (0), Primary (1), Secondary (2).")]
    [TestCase("""{"Value":-1}""", "Value must be one of Off (0), Primary (1), Secondary (2).")]
    [TestCase("""{"Value":"Both"}""", "Value must be one of Off (0), Primary (1), Secondary (2).")]
    [TestCase("""{"Value":"Off,Primary"}""", "Value must be one of Off (0), Primary (1), Secondary (2).")]
    [TestCase("""{"Value":1,"ExpirationPeriod":"00:00:00"}""", "ExpirationPeriod must be from 00:00:00.0000001 to 365000.00:00:00.")]
    [TestCase("""{"Value":1,"ExpirationPeriod":"-01:00:00"}""", "ExpirationPeriod must be a span of time, [d.]hh:mm:ss[.fffffff].")]
    [TestCase("""{"Value":1,"ExpirationPeriod":8}""", "ExpirationPeriod must be a span of time, [d.]hh:mm:ss[.fffffff].")]
    public async Task SetRoleOverride_ThatIsNotValid_Is400(string body, string reason) =>
        (await Administrator.PostAsync($"{await CreateSessionAsync()}/roleoverride", body)).IsInvalid(reason);

    [Test]
    public async Task SetRoleOverride_OfAnUnknownSession_Is404()
    {
        var group = await CreateGroupAsync();

        (await Administrator.PostAsync($"groups/{group}/clientsessions/s/roleoverride", """{"Value":1}""")).IsNoSession(group, "s");
        (await Administrator.PostAsync("groups/nobody/clientsessions/s/roleoverride", """{"Value":1}""")).IsNoGroup("nobody");
    }

    [Test]
    public async Task SetRoleOverride_WhosePeriodIsOver_IsOffAgain()
    {
        var group = await CreateGroupAsync();
        await RegisterAsync(group, "s");
        using var watch = await User.StreamAsync($"events:watch?group={group}");

        await Administrator.PostAsync($"groups/{group}/clientsessions/s/roleoverride", """{"Value":"Secondary","ExpirationPeriod":"00:00:00.1"}""");
        await watch.ReadUntilAsync(l => l.TryGetProperty("Event", out var e) && e.GetProperty("Reason").GetString() == "RoleOverrideEnded");

        (await User.GetAsync($"groups/{group}/clientsessions/s")).MustBe(200, """{"Id":"s","Role":0,"HeartbeatPosted":false,"RoleOverride":0}""");
    }

    [Test]
    public async Task SetRoleOverride_PrimaryForAnother_ReplacesTheFirst()
    {
        var group = await CreatePairAsync();
        await Administrator.PostAsync($"groups/{group}/clientsessions/b/roleoverride", """{"Value":"Primary"}""");

        (await Administrator.PostAsync($"groups/{group}/clientsessions/a/roleoverride", """{"Value":"Primary"}""")).MustBe(200, """{"Value":1}""");

        var sessions = (await User.GetAsync($"groups/{group}/clientsessions")).Json().EnumerateArray();
        Assert.That(
            sessions.Select(s => (s.GetProperty("Role").GetInt32(), s.GetProperty("RoleOverride").GetInt32())),
            Is.EqualTo(new[] { (1, 1), (0, 0) }));
        (await BeatAsync(group, "b")).MustBe(200, """{"Role":0}""");
    }

    [Test]
    public async Task SetRoleOverride_OfTheOnlySessionToAndFro_GivesItsRoleBack()
    {
        var group = await CreateGroupAsync();
        await RegisterAsync(group, "s");
        await BeatAsync(group, "s");
        for (var i = 0; i < 50; i++)
        {
            await Administrator.PostAsync($"groups/{group}/clientsessions/s/roleoverride", """{"Value":"Secondary"}""");

            // It may still be told its last role until the loss of it is stored; a new Primary is told so at once.
            Assert.That(async () => (await BeatAsync(group, "s")).Body, Is.EqualTo("""{"Role":0}""").After(60_000, 1));
            await Administrator.PostAsync($"groups/{group}/clientsessions/s/roleoverride", """{"Value":"Off"}""");
            (await BeatAsync(group, "s")).MustBe(200, """{"Role":1}""");
        }
    }

    private async Task<string> CreateSessionAsync()
    {
        var group = await CreateGroupAsync();
        await RegisterAsync(group, "s");
        return $"groups/{group}/clientsessions/s";
    }

    [TestCase("\"junk\"")]
    [TestCase("[1]")]
    public async Task RoleOverride_Off_IgnoresAnExpirationPeriodThatCannotBeRead(string period)
    {
        var group = await CreateGroupAsync();
        await RegisterAsync(group, "a");
        var path = $"groups/{group}/clientsessions/a/roleoverride";

        (await Administrator.PostAsync(path, $$"""{"ExpirationPeriod":{{period}},"Value":"Off"}""")).MustBe(200, """{"Value":0}""");
        (await Administrator.PostAsync(path, $$"""{"ExpirationPeriod":{{period}},"Value":"Primary"}"""))
            .IsInvalid("ExpirationPeriod must be a span of time, [d.]hh:mm:ss[.fffffff].");
    }
}
