using System.Text;
using ClientFailover.Conformance.Running;
using NUnit.Framework;

namespace ClientFailover.Conformance.Rest;

/// <summary>What may be sent, and how it is read.</summary>
internal sealed class RequestFormTests : RestTests
{
    private const string IdRule =
        "must have 1 to 256 characters, none of / \\\\ ? # %, no control characters, no blank at either end, and not be \\\".\\\" or \\\"..\\\"";

    [TestCase("groups")]
    [TestCase("groups/")]
    [TestCase("Groups/")]
    [TestCase("/API/V1/CLIENTFAILOVER/GROUPS/")]
    [TestCase("/api/v1/tenants/default/namespaces/default/clientfailover/groups/")]
    public async Task Path_InAnyCaseWithATrailingSlash_IsTheSameRoute(string path)
    {
        var id = CallerActions.NewId();
        (await User.PostAsync(path, $$"""{"Id":"{{id}}"}""")).MustBe(201, $$"""{"Id":"{{id}}","FailoverTimeout":"00:01:00"}""");
        (await User.GetAsync($"{path.TrimEnd('/')}/{id.ToUpperInvariant()}/")).MustBe(200, $$"""{"Id":"{{id}}","FailoverTimeout":"00:01:00"}""");
    }

    [TestCase("""{"id":"@","failoverTimeout":"00:00:05"}""")]
    [TestCase("""{"ID":"@","FAILOVERTIMEOUT":"00:00:05"}""")]
    [TestCase("""{"Id":"@","FailoverTimeout":"00:00:05","Unknown":{"a":[1]},"":2,"failover_timeout":"x"}""")]
    [TestCase("""{"Id":"@","FailoverTimeout":"0.00:00:05.0000000"}""")]
    public async Task Members_InAnyCaseBesideUnknownOnes_AreRead(string body)
    {
        var id = CallerActions.NewId();
        (await User.PostAsync("groups", body.Replace("@", id, StringComparison.Ordinal)))
            .MustBe(201, $$"""{"Id":"{{id}}","FailoverTimeout":"00:00:05"}""");
    }

    [TestCase("a b")]
    [TestCase("a:b;c+d{e}~@!$&'()*,=")]
    [TestCase("é-Ω-漢字")]
    [TestCase("...")]
    [TestCase(".a")]
    public async Task Id_WithUnusualCharacters_Works(string text)
    {
        var id = CallerActions.NewId() + text;
        (await User.PostAsync("groups", $$"""{"Id":"{{id}}"}""")).MustBe(201, $$"""{"Id":"{{id}}","FailoverTimeout":"00:01:00"}""");
        (await User.GetAsync("groups/" + Uri.EscapeDataString(id))).MustBe(200, $$"""{"Id":"{{id}}","FailoverTimeout":"00:01:00"}""");
    }

    [Test]
    public async Task Id_BeyondTheBasicPlane_IsWrittenEscaped()
    {
        var id = CallerActions.NewId();
        (await User.PostAsync("groups", $$"""{"Id":"{{id}}😀"}""")).MustBe(201, $$"""{"Id":"{{id}}\uD83D\uDE00","FailoverTimeout":"00:01:00"}""");
    }

    [Test]
    public async Task Id_InAnotherCaseOfUnicode_IsTheSame()
    {
        var id = CallerActions.NewId() + "éω";
        await User.PostAsync("groups", $$"""{"Id":"{{id}}"}""");

        (await User.PostAsync("groups", $$"""{"Id":"{{id.ToUpperInvariant()}}"}""")).MustBe(200, $$"""{"Id":"{{id}}","FailoverTimeout":"00:01:00"}""");
    }

    [TestCase("")]
    [TestCase(".")]
    [TestCase("..")]
    [TestCase(" a")]
    [TestCase("a ")]
    [TestCase("a/b")]
    [TestCase("a\\\\b")]
    [TestCase("a?b")]
    [TestCase("a#b")]
    [TestCase("a%b")]
    [TestCase("a\\u0000b")]
    [TestCase("a\\u007fb")]
    [TestCase("a\\u0085b")]
    [TestCase("a\\nb")]
    public async Task Id_ThatIsNotAllowed_Is400(string json)
    {
        (await User.PostAsync("groups", $$"""{"Id":"{{json}}"}""")).IsInvalid($"Id {IdRule}.");
        (await User.PostAsync($"groups/{await CreateGroupAsync()}/clientsessions", $$"""{"Id":"{{json}}"}""")).IsInvalid($"Id {IdRule}.");
    }

    [Test]
    public async Task Id_OfTheGreatestLength_IsTakenAndALongerOneIsNot()
    {
        var id = CallerActions.NewId().PadRight(256, 'x');
        (await User.PostAsync("groups", $$"""{"Id":"{{id}}"}""")).MustBe(201, $$"""{"Id":"{{id}}","FailoverTimeout":"00:01:00"}""");
        (await User.GetAsync($"groups/{id}")).MustBe(200, $$"""{"Id":"{{id}}","FailoverTimeout":"00:01:00"}""");
        (await User.PostAsync("groups", $$"""{"Id":"{{id}}x"}""")).IsInvalid($"Id {IdRule}.");
        (await User.GetAsync($"groups/{id}x")).IsInvalid($"groupId {IdRule}.");
    }

    [TestCase("a%2Fb")]
    [TestCase("a%25b")]
    [TestCase("a%0Ab")]
    [TestCase("a%5Cb")]
    [TestCase("%20a")]
    public async Task Id_InARouteThatIsNotAllowed_Is400(string id)
    {
        (await User.GetAsync($"groups/{id}")).IsInvalid($"groupId {IdRule}.");
        (await User.GetAsync($"groups/g/clientsessions/{id}")).IsInvalid($"sessionId {IdRule}.");
    }

    [Test]
    public async Task Text_HalfASurrogatePair_Is400() =>
        (await User.PostAsync("groups", """{"Id":"a\ud800"}""")).IsInvalid("Id must be well-formed text.");

    [Test]
    public async Task Text_NotUtf8_Is400()
    {
        using var body = new ByteArrayContent([.. "{\"Id\":\""u8, 0xFF, .. "\"}"u8]);
        body.Headers.TryAddWithoutValidation("Content-Type", "application/json");

        (await User.SendAsync(HttpMethod.Post, "groups", body)).IsInvalid("Id must be well-formed text.");
    }

    [Test]
    public async Task Group_WithManyMistakes_NamesThemAll() =>
        (await User.PostAsync(
            "groups",
            $$$"""{"Id":"a/b","Name":"{{{new string('n', 257)}}}","Description":"{{{new string('d', 4097)}}}","FailoverTimeout":"00:00:00","AdditionalData":{"a":"{{{new string('x', 16 * 1024)}}}"}}"""))
            .IsInvalid(
                $"Id {IdRule}; Name must be well-formed text of at most 256 characters, without NUL; "
                + "Description must be well-formed text of at most 4096 characters, without NUL; "
                + "FailoverTimeout must be from 00:00:00.2000000 to 1.00:00:00; AdditionalData must be at most 16 KiB of JSON.");

    [TestCase("\"Id\":5", "Id must be a text.")]
    [TestCase("\"Id\":\"a\",\"Name\":{}", "Name must be a text.")]
    [TestCase("\"Id\":\"a\",\"FailoverTimeout\":60", "FailoverTimeout must be a span of time, [d.]hh:mm:ss[.fffffff].")]
    [TestCase("\"Id\":\"a\",\"FailoverTimeout\":\"60s\"", "FailoverTimeout must be a span of time, [d.]hh:mm:ss[.fffffff].")]
    [TestCase("\"Id\":\"a\",\"FailoverTimeout\":\"00:60:00\"", "FailoverTimeout must be a span of time, [d.]hh:mm:ss[.fffffff].")]
    [TestCase("\"Id\":\"a\",\"AdditionalData\":[]", "AdditionalData must be a JSON object.")]
    [TestCase("\"Id\":\"a\",\"AdditionalData\":{\"\":1}", "AdditionalData must not have a member with an empty name.")]
    [TestCase("\"Id\":\"a\",\"AdditionalData\":{\"a\":[{\"\":1}]}", "AdditionalData must not have a member with an empty name.")]
    [TestCase("\"Id\":\"a\",\"AdditionalData\":{\"a\":1,\"a\":2}", "AdditionalData must not have two members of one name in an object.")]
    [TestCase("\"Id\":\"a\",\"AdditionalData\":{\"a\":1e999}", "AdditionalData must have numbers that a double can hold.")]
    public async Task Member_OfTheWrongType_Is400AndNamed(string members, string reason) =>
        (await User.PostAsync("groups", $"{{{members}}}")).IsInvalid(reason);

    [TestCase(30, 201)]
    [TestCase(31, 400)]
    public async Task AdditionalData_Nested_IsTakenToADepth(int depth, int status)
    {
        var data = new StringBuilder("1");
        for (var i = 0; i < depth; i++)
        {
            data.Insert(0, "{\"a\":").Append('}');
        }

        var reply = await User.PostAsync("groups", $$"""{"Id":"{{CallerActions.NewId()}}","AdditionalData":{{data}}}""");

        Assert.That((int)reply.Status, Is.EqualTo(status), reply.Body);
    }

    [TestCase("2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z")]
    [TestCase("2026-01-02T03:04:05", "2026-01-02T03:04:05Z")]
    [TestCase("2026-01-02t03:04:05z", "2026-01-02T03:04:05Z")]
    [TestCase("2026-01-02T03:04:05.1Z", "2026-01-02T03:04:05.1Z")]
    [TestCase("2026-01-02T03:04:05.1234567Z", "2026-01-02T03:04:05.1234567Z")]
    [TestCase("2026-01-02T03:04:05.123456789Z", "2026-01-02T03:04:05.1234567Z")]
    [TestCase("2026-01-02T03:04:05+05:30", "2026-01-01T21:34:05Z")]
    [TestCase("2026-01-02T03:04:05.5-23:59", "2026-01-03T03:03:05.5Z")]
    public async Task Time_InAnyForm_IsWrittenInUtc(string sent, string shown)
    {
        var group = await CreateGroupAsync();
        await RegisterAsync(group, "s");
        await BeatAsync(group, "s", $$"""{"FailoverScore":1,"LastDataProcessedTime":"{{sent}}","HeartbeatTime":"{{sent}}"}""");

        Assert.That(
            (await User.GetAsync($"groups/{group}/clientsessions/s")).Json().GetProperty("Heartbeat").GetRawText(),
            Is.EqualTo($$"""{"FailoverScore":1,"LastDataProcessedTime":"{{shown}}","HeartbeatTime":"{{shown}}"}"""));
    }
}
