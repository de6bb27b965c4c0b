using NUnit.Framework;

namespace ClientFailover.Client.Tests.Connection.Servers;

/// <summary>Against a service with the documented REST API and nothing else.</summary>
[TestFixture]
public sealed class RestTests
{
    private static readonly string[] Registration =
    [
        """POST /groups/ {"Id":"G","FailoverTimeout":"00:01:00"}""",
        """POST /groups/G/clientsessions {"Id":"M.S","Name":"M S"}""",
    ];

    [TestCase(FailoverTransport.Rest)]
    [TestCase(FailoverTransport.Auto)]
    public async Task Run_RestOnlyService_CallsOfTheFieldByteForByte(FailoverTransport transport)
    {
        await using var server = await RestServer.StartAsync();
        await using var rig = new Rig(server.Endpoint, o => (o.Transport, o.UserName, o.Password) = (transport, "u", "p"));
        rig.Member.OnReport = () => new AdapterReport(75.5f, null);

        var state = await rig.Member.NextAsync(FailoverRole.Primary);
        rig.Member.OnReport = () => new AdapterReport(100, new DateTimeOffset(2026, 11, 23, 4, 53, 8, TimeSpan.FromHours(2)).AddTicks(9522134));
        await server.BeatenAsync(2);
        await rig.Client.StopAsync().Soon();

        Assert.That(rig.Client.Role.Term, Is.Null);
        Assert.That(state.LastDataProcessedTime, Is.EqualTo(new DateTimeOffset(2026, 11, 23, 2, 53, 8, TimeSpan.Zero).AddTicks(9522134)));
        var calls = server.Calls.Select(c => $"{c.Method} {c.Path} {c.Body}".TrimEnd()).Where(c => !c.StartsWith("POST /clientfailover.v1.", StringComparison.Ordinal)).ToList();
        Assert.That(calls.Take(4), Is.EqualTo(Registration.Append(
            """POST /groups/G/clientsessions/M.S/heartbeat {"FailoverScore":75.5,"LastDataProcessedTime":"0001-01-01T00:00:00"}""").Append(
            """POST /groups/G/clientsessions/M.S/heartbeat {"FailoverScore":100,"LastDataProcessedTime":"2026-11-23T02:53:08.9522134Z"}""")));
        Assert.That(calls[^1], Is.EqualTo("DELETE /groups/G/clientsessions/M.S"));
        Assert.That(server.Authorizations, Is.All.EqualTo("Basic dTpw"));
    }

    [TestCase("""{"Role":"Primary"}""")]
    [TestCase("""{"role":1,"LastDataProcessedTime":null,"More":{}}""")]
    [TestCase("""{"Role":1,"LastDataProcessedTime":"0001-01-01T00:00:00"}""")]
    public async Task Reply_OtherForms_AreUnderstood(string body)
    {
        await using var server = await RestServer.StartAsync();
        server.Reply = () => body;
        await using var rig = new Rig(server.Endpoint, o => o.Transport = FailoverTransport.Rest);

        var state = await rig.Member.NextAsync(FailoverRole.Primary);

        Assert.That(state.LastDataProcessedTime, Is.Null);
    }

    [Test]
    public async Task Run_IdsWithBlanksAndMore_AreEscaped()
    {
        await using var server = await RestServer.StartAsync();
        await using var rig = new Rig(server.Endpoint, o => (o.Transport, o.FailoverGroupId, o.SessionId) = (FailoverTransport.Rest, "Größe 1", "a+b:c"));

        await rig.Member.NextAsync(FailoverRole.Primary);

        Assert.That(server.Calls.Last().Path, Is.EqualTo("/groups/Gr%C3%B6%C3%9Fe%201/clientsessions/a%2Bb%3Ac/heartbeat"));
    }

    [Test]
    public async Task Register_GroupDiffers_AdoptsItsTimeout()
    {
        await using var server = await RestServer.StartAsync();
        server.Group = """{"Id":"G","Name":"n","FailoverTimeout":"00:00:30"}""";
        server.Refuse = r => r.Method == "POST" && r.Path.Value!.EndsWith("/groups/", StringComparison.Ordinal) ? 409 : null;
        await using var rig = new Rig(server.Endpoint, o => o.Transport = FailoverTransport.Rest);

        await rig.Member.NextAsync(FailoverRole.Primary);

        Assert.That(rig.Client.FailoverTimeout, Is.EqualTo(TimeSpan.FromSeconds(30)));
        Assert.That(rig.Member.FailoverTimeout, Is.EqualTo(TimeSpan.FromSeconds(30)));
    }

    [Test]
    public async Task Beat_NotFound_RegistersAndBeatsAtOnce()
    {
        await using var server = await RestServer.StartAsync();
        var forgotten = true;
        server.Refuse = r => r.Path.Value!.EndsWith("/heartbeat", StringComparison.Ordinal) && Interlocked.Exchange(ref forgotten, false) ? 404 : null;
        await using var rig = new Rig(server.Endpoint, o => o.Transport = FailoverTransport.Rest);

        await rig.Member.NextAsync(FailoverRole.Primary);

        Assert.That(server.Calls.Select(c => c.Path), Is.EqualTo(new[]
        {
            "/groups/", "/groups/G/clientsessions", "/groups/G/clientsessions/M.S/heartbeat",
            "/groups/", "/groups/G/clientsessions", "/groups/G/clientsessions/M.S/heartbeat",
        }));
    }

    [Test]
    public async Task Beat_ServiceFails_RetriedSoonWithoutRegisteringAgain()
    {
        await using var server = await RestServer.StartAsync();
        var failing = 2;
        server.Refuse = r => r.Path.Value!.EndsWith("/heartbeat", StringComparison.Ordinal) && Interlocked.Decrement(ref failing) >= 0 ? 503 : null;
        await using var rig = new Rig(server.Endpoint, o => o.Transport = FailoverTransport.Rest);

        await rig.Member.NextAsync(FailoverRole.Primary);

        Assert.That(server.Calls.Count(c => c.Path.EndsWith("clientsessions", StringComparison.Ordinal)), Is.EqualTo(1));
        Assert.That(server.Heartbeats.Count(), Is.EqualTo(3));
    }

    [Test]
    public async Task Beat_TooSoon_IsNoFailure()
    {
        await using var server = await RestServer.StartAsync();
        server.RetryAfter = "1";
        var first = true;
        server.Refuse = r => r.Path.Value!.EndsWith("/heartbeat", StringComparison.Ordinal) && Interlocked.Exchange(ref first, false) ? 429 : null;
        await using var rig = new Rig(server.Endpoint, o => o.Transport = FailoverTransport.Rest);

        await rig.Member.NextAsync(FailoverRole.Primary);

        Assert.That(rig.Client.Connection, Is.EqualTo(ConnectionState.Rest));
        Assert.That(rig.Log.Count(7041), Is.Zero);
    }

    [Test]
    public async Task Beat_PendingPrimary_ConfirmedAtOnce()
    {
        await using var server = await RestServer.StartAsync();
        var answers = 0;
        server.Reply = () => Interlocked.Increment(ref answers) < 3 ? """{"Role":2}""" : """{"Role":1}""";
        await using var rig = new Rig(server.Endpoint, o => o.Transport = FailoverTransport.Rest);

        await rig.Member.NextAsync(FailoverRole.Primary);

        Assert.That(rig.Member.All.Select(s => s.Role), Is.EqualTo(new[] { FailoverRole.PendingPrimary, FailoverRole.PendingPrimary, FailoverRole.Primary }));
    }

    [TestCase(401, "Check the configured credentials")]
    [TestCase(403, "AVEVAFailoverUsers")]
    public async Task Register_Refused_LoggedOnceWithAdvice(int status, string advice)
    {
        await using var server = await RestServer.StartAsync();
        server.Refuse = _ => status;
        await using var rig = new Rig(server.Endpoint, o => (o.Transport, o.UserName, o.Password) = (FailoverTransport.Rest, "u", "planted-secret"));

        await server.CalledAsync(3);

        Assert.That(rig.Log.Count(7041), Is.EqualTo(1));
        Assert.That(rig.Log.Text, Does.Contain(advice).And.Contain("It failed. Because. Do it."));
        Assert.That(rig.Log.Text, Does.Not.Contain("planted-secret").And.Not.Contain("Basic"));
    }

    [Test]
    public async Task Beat_Redirected_CredentialsAreNotTakenElsewhere()
    {
        await using var elsewhere = await RestServer.StartAsync();
        await using var server = await RestServer.StartAsync();
        server.Refuse = r =>
        {
            r.HttpContext.Response.Headers.Location = elsewhere.Endpoint.AbsoluteUri;
            return 307;
        };
        await using var rig = new Rig(server.Endpoint, o => (o.Transport, o.UserName, o.Password) = (FailoverTransport.Rest, "u", "p"));

        await server.CalledAsync(2);

        Assert.That(elsewhere.Calls, Is.Empty);
    }
}
