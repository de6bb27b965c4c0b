using ClientFailover.Conformance.Running;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Grpc.Net.Client.Web;
using Grpc.Reflection.V1Alpha;
using NUnit.Framework;
using Probes = Grpc.Health.V1.Health;

namespace ClientFailover.Conformance.Protocols;

/// <summary>What every gRPC service is expected to have: reflection, health, gRPC-Web, TLS, deadlines, rich errors.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class StandardServiceTests
{
    private static RunningService Service => SharedService.Instance;
    private static Caller Caller => SharedService.Caller;

    [Test]
    public async Task Reflection_ListServices_NamesThemAll()
    {
        var answer = await ReflectAsync(new ServerReflectionRequest { ListServices = "" });

        Assert.That(answer.ListServicesResponse.Service.Select(s => s.Name), Is.SupersetOf(new[]
        {
            "clientfailover.v1.AdapterService", "clientfailover.v1.EventService", "clientfailover.v1.GroupService",
            "clientfailover.v1.SessionService", "clientfailover.v1.VersionService", "grpc.health.v1.Health",
        }));
    }

    [Test]
    public async Task Reflection_FileOfASymbol_DescribesIt()
    {
        var answer = await ReflectAsync(new ServerReflectionRequest { FileContainingSymbol = "clientfailover.v1.AdapterService" });

        var files = answer.FileDescriptorResponse.FileDescriptorProto.Select(Google.Protobuf.Reflection.FileDescriptorProto.Parser.ParseFrom);
        Assert.That(files.SelectMany(f => f.Service).Single(s => s.Name == "AdapterService").Method.Single().Name, Is.EqualTo("Connect"));
    }

    [Test]
    public async Task Health_Check_IsServing()
    {
        var answer = await new Probes.HealthClient(Caller.Invoker).CheckAsync(new HealthCheckRequest());

        Assert.That(answer.Status, Is.EqualTo(HealthCheckResponse.Types.ServingStatus.Serving));
    }

    [Test]
    public void Health_CheckOfAnUnknownService_IsNotFound()
    {
        var failure = Refusals.Of(new Probes.HealthClient(Caller.Invoker).CheckAsync(new HealthCheckRequest { Service = "no.such.Service" }));

        Assert.That(failure.StatusCode, Is.EqualTo(StatusCode.NotFound));
    }

    [TestCase(GrpcWebMode.GrpcWeb)]
    [TestCase(GrpcWebMode.GrpcWebText)]
    public async Task GrpcWeb_OverHttp1_AnswersCallsAndStreams(GrpcWebMode mode)
    {
        var group = CallerActions.NewId();
        using var channel = GrpcChannel.ForAddress(Service.Http, new GrpcChannelOptions
        {
            HttpHandler = new GrpcWebHandler(mode, new SocketsHttpHandler()),
            HttpVersion = System.Net.HttpVersion.Version11,
        });
        var headers = new Metadata { { "authorization", Service.User.Header.ToString() } };

        await new V1.GroupService.GroupServiceClient(channel).CreateGroupAsync(
            new V1.CreateGroupRequest { Group = new V1.GroupConfiguration { Id = group } }, headers, Deadline);
        using var watch = new V1.EventService.EventServiceClient(channel).WatchEvents(new V1.WatchEventsRequest { Group = group }, headers, Deadline);
        Assert.That(await watch.ResponseStream.MoveNext(CancellationToken.None), Is.True);

        Assert.That(watch.ResponseStream.Current.State.Group.Id, Is.EqualTo(group));
    }

    [Test]
    public async Task Tls_NativeCall_IsAnswered()
    {
        using var channel = Service.OpenGrpc(Service.User.Header);

        var version = await new V1.VersionService.VersionServiceClient(channel).GetVersionAsync(new V1.GetVersionRequest());

        Assert.That(version.Version, Does.Match(@"^\d+\.\d+\.\d+"));
    }

    [Test]
    public void Call_WhoseDeadlineHasPassed_EndsWithDeadlineExceeded()
    {
        var failure = Assert.ThrowsAsync<RpcException>(async () =>
        {
            using var watch = Caller.Events.WatchEvents(
                new V1.WatchEventsRequest { Group = CallerActions.NewId() }, deadline: DateTime.UtcNow + TimeSpan.FromSeconds(0.5));
            while (await watch.ResponseStream.MoveNext(CancellationToken.None))
            {
            }
        })!;

        Assert.That(failure.StatusCode, Is.EqualTo(StatusCode.DeadlineExceeded));
    }

    private static DateTime Deadline => DateTime.UtcNow + RunningService.Patience;

    private static async Task<ServerReflectionResponse> ReflectAsync(ServerReflectionRequest request)
    {
        using var call = new ServerReflection.ServerReflectionClient(Caller.Invoker).ServerReflectionInfo(deadline: Deadline);
        await call.RequestStream.WriteAsync(request);
        await call.RequestStream.CompleteAsync();
        Assert.That(await call.ResponseStream.MoveNext(CancellationToken.None), Is.True);
        return call.ResponseStream.Current;
    }
}
