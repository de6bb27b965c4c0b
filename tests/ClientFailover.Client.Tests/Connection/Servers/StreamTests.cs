using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using NUnit.Framework;

namespace ClientFailover.Client.Tests.Connection.Servers;

/// <summary>What goes over an adapter stream.</summary>
[TestFixture]
public sealed class StreamTests
{
    [Test]
    public async Task Hello_Adapter_SaysWhoItIs()
    {
        await using var server = await StreamServer.StartAsync();
        await using var rig = new Rig(new Uri(server.Endpoint, "/x/api/v1/tenants/T%201/namespaces/N/clientfailover/"), o =>
        {
            (o.UserName, o.Password) = ("u", "p");
            (o.Mode, o.OnServiceLost, o.SourceTimestamps) = (FailoverMode.Warm, OnServiceLost.StepDown, true);
        });

        var hello = (await server.AcceptAsync()).Hello;

        Assert.That((hello.TenantId, hello.NamespaceId, hello.Group.Id, hello.SessionId, hello.SessionName), Is.EqualTo(("T 1", "N", "G", "M.S", "M S")));
        Assert.That(hello.Group.FailoverTimeout.ToTimeSpan(), Is.EqualTo(TimeSpan.FromMinutes(1)));
        Assert.That((hello.Mode, hello.OnServiceLost, hello.SourceTimestamps), Is.EqualTo((V1.FailoverMode.Warm, V1.OnServiceLost.StepDown, true)));
        Assert.That(hello.HasLastKnownTerm, Is.False);
        Assert.That(server.Authorizations, Is.EqualTo(new[] { "Basic dTpw" }));
    }

    [Test]
    public async Task Heartbeat_AfterWelcome_AtOnceWithScoreAndTime()
    {
        await using var server = await StreamServer.StartAsync();
        await using var rig = new Rig(server.Endpoint);
        var time = new DateTimeOffset(2026, 11, 23, 2, 53, 8, TimeSpan.Zero).AddTicks(9522134);
        rig.Member.OnReport = () => new AdapterReport(75.5f, time);
        var stream = await server.AcceptAsync();

        await stream.WelcomeAsync(V1.Role.Secondary, 0);
        var heartbeat = await stream.BeatAsync();

        Assert.That((heartbeat.FailoverScore, heartbeat.LastDataProcessedTime.ToDateTimeOffset()), Is.EqualTo((75.5f, time)));
        Assert.That(heartbeat.AdapterTime, Is.Not.Null);
    }

    [Test]
    public async Task Assignment_Pushed_TakenAndAcknowledged()
    {
        await using var server = await StreamServer.StartAsync();
        await using var rig = new Rig(server.Endpoint);
        var stream = await JoinAsync(server);

        await stream.TellAsync(Assign(V1.Role.PendingPrimary, 4));
        Assert.That((await stream.NextAsync()).Acknowledgement.Term, Is.EqualTo(4));
        await stream.TellAsync(Assign(V1.Role.Primary, 4, exact: true));
        Assert.That((await stream.NextAsync()).Acknowledgement.Term, Is.EqualTo(4));

        var state = await rig.Member.NextAsync(FailoverRole.Primary);
        Assert.That((state.Term, state.Reason, state.IsExact), Is.EqualTo((4L, "PrimaryTimedOut", true)));
    }

    [Test]
    public async Task Assignment_MemberHangs_PendingIsAcknowledgedAllTheSame()
    {
        await using var server = await StreamServer.StartAsync();
        await using var rig = new Rig(server.Endpoint);
        var stream = await JoinAsync(server);
        using var hang = new ManualResetEventSlim();
        rig.Member.OnAssume = _ => hang.Wait();

        await stream.TellAsync(Assign(V1.Role.PendingPrimary, 4));

        Assert.That((await stream.NextAsync()).Acknowledgement.Term, Is.EqualTo(4));
        hang.Set();
    }

    [Test]
    public async Task Drain_StreamBreaksMeanwhile_AcknowledgedOnTheNextOne()
    {
        await using var server = await StreamServer.StartAsync();
        await using var rig = new Rig(server.Endpoint);
        var final = new DateTimeOffset(2026, 11, 23, 2, 53, 8, TimeSpan.Zero);
        var stop = new TaskCompletionSource<DateTimeOffset?>();
        rig.Member.OnDrain = (_, _) => stop.Task;
        var stream = await JoinAsync(server, V1.Role.Primary);
        await stream.TellAsync(Drain(4));
        await rig.Member.DrainsAsync();
        var told = rig.Member.All.Count;

        stream.End(StatusCode.Unavailable);
        stream = await server.AcceptAsync();
        Assert.That(stream.Hello.LastKnownTerm, Is.EqualTo(3));
        await stream.WelcomeAsync(V1.Role.Primary, 3);
        await stream.TellAsync(Drain(4));
        stop.SetResult(final);

        var said = await stream.NextAsync();
        while (said.Acknowledgement is null)
        {
            said = await stream.NextAsync();
        }

        Assert.That((said.Acknowledgement.Term, said.Acknowledgement.FinalLastDataProcessedTime.ToDateTimeOffset()), Is.EqualTo((4L, final)));
        Assert.That(rig.Member.Drains, Has.Count.EqualTo(1));
        Assert.That(rig.Member.All, Has.Count.EqualTo(told), "It is not told to go on.");
    }

    [Test]
    public async Task Stream_BreaksBeforeAnyAnswer_OneCauseIsLoggedOnce()
    {
        await using var server = await StreamServer.StartAsync();
        await using var rig = new Rig(server.Endpoint);
        for (var i = 0; i < 3; i++)
        {
            var broken = await server.AcceptAsync();
            await broken.WelcomeAsync(V1.Role.Secondary, 3);
            await broken.BeatAsync();
            broken.End(StatusCode.Unavailable, "gone");
        }

        var stream = await server.AcceptAsync();
        Assert.That((rig.Log.Count(7040), rig.Log.Count(7041)), Is.EqualTo((0, 1)));

        await stream.WelcomeAsync(V1.Role.Secondary, 3);
        await stream.ReplyAsync(await stream.BeatAsync(), V1.Role.Secondary, 3);

        await rig.Log.LoggedAsync(7040);
    }

    [Test]
    public async Task Stream_Breaks_ReconnectsAtOnceWithItsMemory()
    {
        await using var server = await StreamServer.StartAsync();
        await using var rig = new Rig(server.Endpoint);
        var stream = await JoinAsync(server, V1.Role.Primary);
        var whilePrimary = rig.Client.WhilePrimary;

        stream.End(StatusCode.Unavailable, "gone");
        stream = await server.AcceptAsync();

        Assert.That((stream.Hello.HasLastKnownTerm, stream.Hello.LastKnownTerm), Is.EqualTo((true, 3L)));
        Assert.That(whilePrimary.IsCancellationRequested, Is.False);
    }

    [Test]
    public async Task Stream_Replaced_SecondaryAndSaysSo()
    {
        await using var server = await StreamServer.StartAsync();
        await using var rig = new Rig(server.Endpoint);
        var stream = await JoinAsync(server, V1.Role.Primary);

        stream.End(StatusCode.Aborted, "Another stream.");

        await rig.Member.NextAsync(s => s.Reason == "SessionReplaced");
        await rig.Log.LoggedAsync(7042);
    }

    [Test]
    public async Task Stream_SessionDeleted_SecondaryAndRegistersAnew()
    {
        await using var server = await StreamServer.StartAsync();
        await using var rig = new Rig(server.Endpoint);
        var stream = await JoinAsync(server, V1.Role.Primary);

        stream.End(StatusCode.NotFound);
        await server.AcceptAsync();

        await rig.Member.NextAsync(s => s.Reason == "SessionUnregistered");
    }

    [Test]
    public async Task Notice_ShuttingDown_GoesToTheNamedEndpoint()
    {
        await using var next = await StreamServer.StartAsync();
        await using var server = await StreamServer.StartAsync();
        await using var rig = new Rig(server.Endpoint);
        var stream = await JoinAsync(server, V1.Role.Primary);

        await stream.TellAsync(new V1.ServiceMessage
        {
            Notice = new V1.Notice { Kind = V1.Notice.Types.Kind.ShuttingDown, Endpoints = { next.Endpoint.GetLeftPart(UriPartial.Authority) } },
        });

        Assert.That((await next.AcceptAsync()).Hello.LastKnownTerm, Is.EqualTo(3));
    }

    [Test]
    public async Task Notice_Invalid_LoggedOnceAndGoesOn()
    {
        await using var server = await StreamServer.StartAsync();
        await using var rig = new Rig(server.Endpoint);
        var stream = await JoinAsync(server);
        var notice = new V1.ServiceMessage { Notice = new V1.Notice { Kind = V1.Notice.Types.Kind.HeartbeatInvalid, Message = "It is wrong." } };

        await stream.TellAsync(notice);
        await stream.TellAsync(notice);
        await stream.TellAsync(Assign(V1.Role.Primary, 4));
        await rig.Member.NextAsync(FailoverRole.Primary);

        Assert.That(rig.Log.Count(7030), Is.EqualTo(1));
    }

    [Test]
    public async Task Heartbeat_NotAnswered_LinkIsGivenUp()
    {
        await using var server = await StreamServer.StartAsync();
        await using var rig = new Rig(server.Endpoint, o => o.FailoverTimeout = TimeSpan.FromSeconds(2));
        var stream = await server.AcceptAsync();
        await stream.WelcomeAsync(V1.Role.Secondary, 0, TimeSpan.FromSeconds(2));

        await stream.Gone.Soon();

        await server.AcceptAsync();
        Assert.That(rig.Log.Text, Does.Contain("has not answered"));
    }

    [Test]
    public async Task Stop_Unregisters_WaitsForTheServiceToTakeIt()
    {
        await using var server = await StreamServer.StartAsync();
        await using var rig = new Rig(server.Endpoint);
        var stream = await JoinAsync(server);

        stream.EndsOnGoodbye = false;
        var stopping = rig.Client.StopAsync();
        var said = await stream.NextAsync();
        said = said.Goodbye is null ? await stream.NextAsync() : said;

        Assert.That(said.Goodbye.Unregister, Is.True);
        Assert.That(stopping.IsCompleted, Is.False);
        stream.End(StatusCode.OK);
        await stopping.Soon();
        Assert.That(rig.Log.Count(7001), Is.Zero);
    }

    [TestCase(StatusCode.Unauthenticated, "Check the configured credentials")]
    [TestCase(StatusCode.PermissionDenied, "AVEVAFailoverUsers")]
    [TestCase(StatusCode.InvalidArgument, "must be corrected")]
    public async Task Hello_Refused_LoggedOnceWithAdvice(StatusCode code, string advice)
    {
        await using var server = await StreamServer.StartAsync();
        server.Refuse = _ => new Status(code, "No.\nBecause.");
        await using var rig = new Rig(server.Endpoint, o => (o.UserName, o.Password) = ("u", "planted-secret"));

        await server.AskedAsync(3);

        Assert.That(rig.Log.Count(7041), Is.EqualTo(1));
        Assert.That(rig.Log.Text, Does.Contain(advice).And.Contain("No. Because."));
        Assert.That(rig.Log.Text, Does.Not.Contain("planted-secret"));
    }

    [Test]
    public async Task Open_EndpointRefusesConnections_NextOne()
    {
        var dead = await StreamServer.StartAsync();
        var address = dead.Endpoint;
        await dead.DisposeAsync();
        await using var server = await StreamServer.StartAsync();
        await using var rig = new Rig(address, o => o.AdditionalEndpoints.Add(server.Endpoint));

        await server.AcceptAsync();
    }

    private static async Task<ServerStream> JoinAsync(StreamServer server, V1.Role role = V1.Role.Secondary)
    {
        var stream = await server.AcceptAsync();
        await stream.WelcomeAsync(role, 3);
        await stream.ReplyAsync(await stream.BeatAsync(), role, 3);
        return stream;
    }

    private static V1.ServiceMessage Assign(V1.Role role, long term, bool exact = false) => new()
    {
        Assignment = new V1.RoleAssignment { Role = role, Term = term, Reason = V1.Reason.PrimaryTimedOut, LastDataProcessedTimeExact = exact },
    };

    private static V1.ServiceMessage Drain(long term) => new()
    {
        Assignment = new V1.RoleAssignment { Role = V1.Role.Secondary, Term = term, DrainDeadline = Duration.FromTimeSpan(TimeSpan.FromSeconds(30)) },
    };
}
