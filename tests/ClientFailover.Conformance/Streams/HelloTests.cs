using ClientFailover.Conformance.Running;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using NUnit.Framework;

namespace ClientFailover.Conformance.Streams;

/// <summary>How a stream begins.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class HelloTests
{
    private static Caller Caller => SharedService.Caller;

    private static IEnumerable<TestCaseData> NotHello =>
    [
        new TestCaseData(new V1.AdapterMessage { Heartbeat = new V1.StreamHeartbeat { FailoverScore = 1 } }).SetArgDisplayNames("heartbeat"),
        new TestCaseData(new V1.AdapterMessage { Acknowledgement = new V1.RoleAcknowledgement { Term = 1 } }).SetArgDisplayNames("acknowledgement"),
        new TestCaseData(new V1.AdapterMessage { Goodbye = new V1.Goodbye() }).SetArgDisplayNames("goodbye"),
        new TestCaseData(new V1.AdapterMessage()).SetArgDisplayNames("nothing"),
    ];

    [TestCaseSource(nameof(NotHello))]
    public async Task Connect_FirstMessageIsNotHello_EndsWithInvalidArgument(object message)
    {
        using var stream = AdapterStream.Open(Caller);
        await stream.SendAsync((V1.AdapterMessage)message);

        AssertOutOfOrder(await stream.EndAsync());
    }

    [Test]
    public async Task Connect_EndsBeforeHello_EndsWithInvalidArgument()
    {
        using var stream = AdapterStream.Open(Caller);
        await stream.CompleteAsync();

        AssertOutOfOrder(await stream.EndAsync());
    }

    [Test]
    public async Task Connect_HelloTwice_EndsWithInvalidArgument()
    {
        var group = CallerActions.NewId();
        using var stream = await AdapterStream.JoinAsync(Caller, group, "a");
        await stream.SendAsync(new V1.AdapterMessage { Hello = AdapterStream.NewHello(group, "a") });

        AssertOutOfOrder(await stream.EndAsync());
    }

    [Test]
    public async Task Connect_InvalidHello_NamesEveryViolation()
    {
        using var stream = AdapterStream.Open(Caller);
        await stream.SendAsync(new V1.AdapterMessage
        {
            Hello = new V1.Hello
            {
                Group = new V1.GroupConfiguration
                {
                    Id = "a/b",
                    Name = new string('n', 257),
                    Description = new string('d', 4097),
                    FailoverTimeout = new Duration { Nanos = 1 },
                    AdditionalData = new Struct { Fields = { [""] = Value.ForNull() } },
                },
                SessionId = " padded ",
                SessionName = new string('s', 257),
                LastKnownTerm = -1,
            },
        });

        var end = await stream.EndAsync();

        end.MustBe(
            StatusCode.InvalidArgument,
            "REQUEST_INVALID",
            "hello.group.id",
            "hello.group.name",
            "hello.group.description",
            "hello.group.failover_timeout",
            "hello.group.additional_data",
            "hello.session_id",
            "hello.session_name",
            "hello.last_known_term");
    }

    [Test]
    public async Task Connect_EmptyHello_NamesWhatIsRequired()
    {
        using var stream = AdapterStream.Open(Caller);
        await stream.SendAsync(new V1.AdapterMessage { Hello = new V1.Hello() });

        (await stream.EndAsync()).MustBe(StatusCode.InvalidArgument, "REQUEST_INVALID", "hello.group", "hello.session_id");
    }

    [TestCase("nobody", "")]
    [TestCase("", "nowhere")]
    [TestCase("nobody", "nowhere")]
    public async Task Connect_UnknownNamespace_EndsWithPermissionDenied(string tenant, string @namespace)
    {
        var hello = AdapterStream.NewHello(CallerActions.NewId(), "a");
        (hello.TenantId, hello.NamespaceId) = (tenant, @namespace);
        using var stream = AdapterStream.Open(Caller);
        await stream.SendAsync(new V1.AdapterMessage { Hello = hello });

        (await stream.EndAsync()).MustBe(StatusCode.PermissionDenied, "NAMESPACE_DENIED");
    }

    [Test]
    public async Task Connect_NewGroupAndSession_MakesThemAndSaysAll()
    {
        var group = CallerActions.NewId();
        using var stream = await AdapterStream.JoinAsync(Caller, group, "a", hello =>
        {
            hello.TenantId = "default";
            hello.NamespaceId = "default";
            hello.Group.FailoverTimeout = Duration.FromTimeSpan(TimeSpan.FromMinutes(3));
            hello.Group.Name = "Boilers";
            hello.SessionName = "Boiler A";
            hello.Mode = V1.FailoverMode.Hot;
            hello.AdapterVersion = "1.2.3";
            hello.LibraryVersion = "4.5.6";
        });

        var version = await new V1.VersionService.VersionServiceClient(Caller.Invoker).GetVersionAsync(new V1.GetVersionRequest());
        var session = await Caller.SessionAsync(group, "a");

        Assert.That(stream.Welcome, Is.EqualTo(new V1.Welcome
        {
            Group = await Caller.Groups.GetGroupAsync(new V1.GetGroupRequest { GroupId = group }),
            HeartbeatInterval = Duration.FromTimeSpan(TimeSpan.FromMinutes(1)),
            Role = V1.Role.Secondary,
            Term = 0,
            ConnectionLossGrace = Duration.FromTimeSpan(TimeSpan.FromSeconds(0.2)),
            ServiceVersion = version.Version,
        }));
        Assert.That(stream.Welcome.Group.Name, Is.EqualTo("Boilers"));
        Assert.That(session.Name, Is.EqualTo("Boiler A"));
        Assert.That(session.HeartbeatPosted, Is.False, "A hello is no candidacy.");
    }

    [Test]
    public async Task Connect_ExistingGroup_SaysTheConfigurationThatCounts()
    {
        var group = CallerActions.NewId();
        await Caller.CreateGroupAsync(group, TimeSpan.FromMinutes(6));

        using var stream = await AdapterStream.JoinAsync(
            Caller, group.ToUpperInvariant(), "a", hello => hello.Group.FailoverTimeout = Duration.FromTimeSpan(TimeSpan.FromMinutes(1)));

        Assert.That(stream.Welcome.Group.Id, Is.EqualTo(group));
        Assert.That(stream.Welcome.Group.FailoverTimeout.ToTimeSpan(), Is.EqualTo(TimeSpan.FromMinutes(6)));
        Assert.That(stream.Welcome.HeartbeatInterval.ToTimeSpan(), Is.EqualTo(TimeSpan.FromMinutes(2)));
    }

    [Test]
    public async Task Connect_RegisteredSessionUnderAnotherName_EndsWithAlreadyExistsAndChangesNothing()
    {
        var group = CallerActions.NewId();
        using var first = await AdapterStream.JoinAsync(Caller, group, "a", hello => hello.SessionName = "one");
        var hello = AdapterStream.NewHello(group, "a");
        hello.SessionName = "another";
        using var second = AdapterStream.Open(Caller);
        await second.SendAsync(new V1.AdapterMessage { Hello = hello });

        var end = await second.EndAsync();

        end.MustBe(StatusCode.AlreadyExists, "SESSION_NAME_DIFFERS");
        Assert.That((await Caller.SessionAsync(group, "a")).Name, Is.EqualTo("one"));
        Assert.That(await first.BeatAndReadAsync(50), Is.Not.Null, "The session's own stream goes on.");
    }

    [TestCase("", "one")]
    [TestCase("one", "one")]
    [TestCase("one", "")]
    public async Task Connect_RegisteredSessionUnderItsNameOrNone_IsWelcomed(string stored, string said)
    {
        var group = CallerActions.NewId();
        using var first = await AdapterStream.JoinAsync(Caller, group, "a", hello => hello.SessionName = stored);
        using var second = await AdapterStream.JoinAsync(Caller, group, "a", hello => hello.SessionName = said);

        Assert.That((await Caller.SessionAsync(group, "a")).Name, Is.EqualTo("one"));
    }

    [Test]
    public async Task Connect_PrimaryReturnsWithItsTerm_StaysPrimary()
    {
        using var pair = await StreamPair.JoinAsync(Caller);

        using var again = await AdapterStream.JoinAsync(Caller, pair.Group, "a", hello => hello.LastKnownTerm = 1);

        Assert.That(again.Welcome.Role, Is.EqualTo(V1.Role.Primary));
        Assert.That(again.Welcome.Term, Is.EqualTo(1));
    }

    [Test]
    public async Task Connect_PrimaryReturnsWithoutItsTerm_AnotherTakesOver()
    {
        using var pair = await StreamPair.JoinAsync(Caller);

        using var again = await AdapterStream.JoinAsync(Caller, pair.Group, "a");

        var assignment = await pair.Secondary.RoleAsync(V1.Role.Primary);
        Assert.That(assignment.Reason, Is.EqualTo(V1.Reason.PrimaryRestarted));
        Assert.That(assignment.Term, Is.EqualTo(2));
        Assert.That((await again.BeatAndReadAsync(50)).Role, Is.EqualTo(V1.Role.Secondary));
    }

    private static void AssertOutOfOrder(RpcException end) => end.MustBe(StatusCode.InvalidArgument, "STREAM_OUT_OF_ORDER");
}
