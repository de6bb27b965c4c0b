using ClientFailover.Conformance.Running;
using ClientFailover.V1;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Web;
using NUnit.Framework;

namespace ClientFailover.Conformance.Grpc;

/// <summary>The unary calls over native gRPC: same rules, canonical statuses with details, no trace of HTTP.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
internal sealed class UnaryTests : IDisposable
{
    private readonly GrpcChannel _channel = SharedService.Instance.OpenGrpc(SharedService.Instance.Administrator.Header);
    private readonly GroupService.GroupServiceClient _groups;
    private readonly SessionService.SessionServiceClient _sessions;
    private readonly string _id = CallerActions.NewId();

    public UnaryTests()
    {
        _groups = new GroupService.GroupServiceClient(_channel);
        _sessions = new SessionService.SessionServiceClient(_channel);
    }

    public void Dispose() => _channel.Dispose();

    [Test]
    public async Task Calls_OfALifeInAGroup_AreAnswered()
    {
        var group = await CreateAsync();
        var session = await RegisterAsync();
        var beat = await _sessions.PostHeartbeatAsync(Beat(1));
        var listed = await _groups.ListGroupsAsync(new ListGroupsRequest { Count = 1 });
        var status = await _groups.GetGroupStatusAsync(new GetGroupStatusRequest { GroupId = _id, TenantId = "DEFAULT", NamespaceId = "default" });
        await _sessions.DeleteSessionAsync(new DeleteSessionRequest { GroupId = _id, SessionId = "s" });
        await _groups.DeleteGroupAsync(new DeleteGroupRequest { GroupId = _id });

        Assert.That(group, Is.EqualTo(new GroupConfiguration { Id = _id, FailoverTimeout = Duration.FromTimeSpan(TimeSpan.FromMinutes(1)) }));
        Assert.That(session, Is.EqualTo(new ClientSession { Id = "s" }));
        Assert.That(beat, Is.EqualTo(new PostHeartbeatResponse { Role = Role.Primary }));
        Assert.That(listed.Groups, Has.Count.EqualTo(1));
        Assert.That(listed.TotalCount, Is.GreaterThanOrEqualTo(1));
        Assert.That(status, Is.EqualTo(new GroupStatus { Primary = "s" }));
    }

    [Test]
    public async Task CreateGroup_Differently_IsAlreadyExists()
    {
        await CreateAsync();
        var request = new CreateGroupRequest { Group = new GroupConfiguration { Id = _id, Name = "other" } };

        Refusals.Of(_groups.CreateGroupAsync(request)).MustBe(StatusCode.AlreadyExists, "GROUP_DIFFERS");
    }

    [Test]
    public async Task DeleteGroup_WithAnActiveSession_IsAborted()
    {
        await CreateAsync();
        await RegisterAsync();

        Refusals.Of(_groups.DeleteGroupAsync(new DeleteGroupRequest { GroupId = _id })).MustBe(StatusCode.Aborted, "GROUP_ACTIVE");
    }

    [Test]
    public void GetGroup_Unknown_IsNotFound() =>
        Refusals.Of(_groups.GetGroupAsync(new GetGroupRequest { GroupId = _id })).MustBe(StatusCode.NotFound, "GROUP_NOT_FOUND");

    [Test]
    public void GetGroup_OfAnotherNamespace_IsPermissionDeniedBeforeAnythingElse() =>
        Refusals.Of(_groups.GetGroupAsync(new GetGroupRequest { GroupId = "/", TenantId = "other" }))
            .MustBe(StatusCode.PermissionDenied, "NAMESPACE_DENIED");

    [Test]
    public void CreateGroup_WithMistakes_IsInvalidArgumentWithFieldViolations()
    {
        var request = new CreateGroupRequest
        {
            Group = new GroupConfiguration
            {
                Id = "a/b",
                FailoverTimeout = new Duration { Seconds = long.MaxValue },
                AdditionalData = new Struct { Fields = { ["a"] = Value.ForNumber(double.NaN) } },
            },
        };

        Refusals.Of(_groups.CreateGroupAsync(request))
            .MustBe(StatusCode.InvalidArgument, "REQUEST_INVALID", "group.id", "group.failover_timeout", "group.additional_data");
    }

    [Test]
    public void CreateGroup_WithoutAGroup_IsInvalidArgument() =>
        Refusals.Of(_groups.CreateGroupAsync(new CreateGroupRequest())).MustBe(StatusCode.InvalidArgument, "REQUEST_INVALID", "group");

    [Test]
    public void PostHeartbeat_WithTimesOutOfRange_IsInvalidArgument()
    {
        var request = Beat(float.NaN);
        request.Heartbeat.LastDataProcessedTime = new Timestamp { Seconds = long.MaxValue };
        request.Heartbeat.HeartbeatTime = new Timestamp { Nanos = -1 };

        Refusals.Of(_sessions.PostHeartbeatAsync(request)).MustBe(
            StatusCode.InvalidArgument,
            "REQUEST_INVALID",
            "heartbeat.failover_score",
            "heartbeat.last_data_processed_time",
            "heartbeat.heartbeat_time");
    }

    [Test]
    public async Task PostHeartbeat_TooSoon_IsResourceExhaustedWithRetryInfo()
    {
        using var channel = SharedService.WithDefaults.OpenGrpc(SharedService.WithDefaults.User.Header);
        await new GroupService.GroupServiceClient(channel)
            .CreateGroupAsync(new CreateGroupRequest { Group = new GroupConfiguration { Id = _id } });
        var sessions = new SessionService.SessionServiceClient(channel);
        await sessions.RegisterSessionAsync(new RegisterSessionRequest { GroupId = _id, Session = new SessionRegistration { Id = "s" } });

        // However slow the machine is: of many at once one comes within 0.8 s of an accepted one.
        var calls = Enumerable.Range(0, 20).Select(_ => sessions.PostHeartbeatAsync(Beat(1)).ResponseAsync).ToArray();
        var failure = Refusals.Of(Task.WhenAll(calls));

        failure.MustBe(StatusCode.ResourceExhausted, "HEARTBEAT_TOO_SOON");
        Assert.That(failure.GetRpcStatus()!.GetDetail<RetryInfo>()!.RetryDelay.ToTimeSpan(), Is.GreaterThan(TimeSpan.Zero));
    }

    [Test]
    public void AnyCall_TooLarge_IsResourceExhausted()
    {
        var request = new CreateGroupRequest { Group = new GroupConfiguration { Id = _id, Description = new string('x', 200 * 1024) } };

        Assert.That(Refusals.Of(_groups.CreateGroupAsync(request)).StatusCode, Is.EqualTo(StatusCode.ResourceExhausted));
    }

    [Test]
    public void AnyCall_WithoutCredentials_IsUnauthenticated()
    {
        using var channel = SharedService.Instance.OpenGrpc(credentials: null);
        var version = new VersionService.VersionServiceClient(channel);

        Assert.That(
            Refusals.Of(version.GetVersionAsync(new GetVersionRequest())).StatusCode,
            Is.EqualTo(StatusCode.Unauthenticated));
    }

    [Test]
    public void AdministratorsCall_AsAUser_IsPermissionDenied()
    {
        using var channel = SharedService.Instance.OpenGrpc(SharedService.Instance.User.Header);
        var groups = new GroupService.GroupServiceClient(channel);

        Assert.That(
            Refusals.Of(groups.DeleteGroupAsync(new DeleteGroupRequest { GroupId = _id })).StatusCode,
            Is.EqualTo(StatusCode.PermissionDenied));
    }

    [TestCase(GrpcWebMode.GrpcWeb)]
    [TestCase(GrpcWebMode.GrpcWebText)]
    public async Task AnyCall_OverGrpcWeb_IsAnswered(GrpcWebMode mode)
    {
        using var channel = SharedService.Instance.OpenGrpc(SharedService.Instance.User.Header, http => new GrpcWebHandler(mode, http));

        var reply = await new VersionService.VersionServiceClient(channel).GetVersionAsync(new GetVersionRequest());

        Assert.That(reply.Version, Is.EqualTo("0.1.0"));
    }

    private async Task<GroupConfiguration> CreateAsync() =>
        await _groups.CreateGroupAsync(new CreateGroupRequest { Group = new GroupConfiguration { Id = _id } });

    private async Task<ClientSession> RegisterAsync() =>
        await _sessions.RegisterSessionAsync(new RegisterSessionRequest { GroupId = _id, Session = new SessionRegistration { Id = "s" } });

    private PostHeartbeatRequest Beat(float score) =>
        new() { GroupId = _id, SessionId = "s", Heartbeat = new Heartbeat { FailoverScore = score } };
}
