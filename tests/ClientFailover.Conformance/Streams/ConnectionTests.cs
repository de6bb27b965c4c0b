using System.Net.Http.Headers;
using System.Text;
using ClientFailover.Conformance.Running;
using Google.Protobuf;
using Grpc.Core;
using NUnit.Framework;

namespace ClientFailover.Conformance.Streams;

/// <summary>Who may open streams, how many, and what may be sent on them.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ConnectionTests
{
    private const string Service = "clientfailover.v1.AdapterService";

    // As a gRPC client sends anything: here the bytes themselves are the message.
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(b => b, b => b);
    private static readonly Method<byte[], byte[]> Connect = new(MethodType.DuplexStreaming, Service, "Connect", Bytes, Bytes);

    private static Caller Caller => SharedService.Caller;

    private static IEnumerable<TestCaseData> WrongCredentials =>
    [
        new TestCaseData(null).SetArgDisplayNames("none"),
        new TestCaseData(new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("nobody:nothing")))).SetArgDisplayNames("wrong"),
        new TestCaseData(new AuthenticationHeaderValue("Basic", "?")).SetArgDisplayNames("malformed"),
        new TestCaseData(new AuthenticationHeaderValue("Bearer", "token")).SetArgDisplayNames("other scheme"),
    ];

    [TestCaseSource(nameof(WrongCredentials))]
    public async Task Connect_WithoutValidCredentials_EndsWithUnauthenticated(AuthenticationHeaderValue? credentials)
    {
        using var stranger = new Caller(SharedService.Instance, credentials);
        using var stream = AdapterStream.Open(stranger);

        Assert.That((await stream.EndAsync()).StatusCode, Is.EqualTo(StatusCode.Unauthenticated));
    }

    [Test]
    public async Task Connect_AsUser_IsAllowed()
    {
        using var user = new Caller(SharedService.Instance, SharedService.Instance.User.Header);
        using var stream = await AdapterStream.JoinAsync(user, CallerActions.NewId(), "a");

        Assert.That(await stream.BeatAndReadAsync(50), Is.Not.Null);
        await stream.LeaveAsync(unregister: true);
        Assert.That((await stream.EndAsync()).StatusCode, Is.EqualTo(StatusCode.OK));
    }

    [Test]
    public async Task Connect_WithVersions_IsLoggedInOneLineThatTheAdapterCannotForge()
    {
        var group = CallerActions.NewId();
        using var stream = await AdapterStream.JoinAsync(Caller, group, "a", hello =>
        {
            hello.Mode = V1.FailoverMode.Hot;
            hello.AdapterVersion = "1.2\nforged\u001b[2J\u202e";
            hello.LibraryVersion = new string('v', 65);
        });
        using var silent = await AdapterStream.JoinAsync(Caller, group, "b");

        var log = () => SharedService.Instance.Output;
        Assert.That(
            log,
            Does.Contain($"{group}: session a connects: hot, adapter 1.2?forged?[2J?, library {new string('v', 64)}.").After(60_000, 100));
        Assert.That(log, Does.Contain($"{group}: session b connects: mode not told, adapter not told, library not told.").After(60_000, 100));
    }

    [Test]
    public async Task Connect_ManyStreamsOnOneConnection_AllWork()
    {
        using var gateway = new Caller(SharedService.Instance);
        var group = CallerActions.NewId();
        var streams = await Task.WhenAll(Enumerable.Range(0, 250).Select(i => AdapterStream.JoinAsync(gateway, group, $"s{i}")));

        var replies = await Task.WhenAll(streams.Select(s => s.BeatAndReadAsync(50)));

        Assert.That(gateway.Connections, Is.EqualTo(1));
        Assert.That(replies.Count(r => r.Role == V1.Role.Secondary), Is.GreaterThanOrEqualTo(249));
        foreach (var stream in streams)
        {
            await stream.LeaveAsync(unregister: false);
            await stream.EndAsync();
            stream.Dispose();
        }
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Connect_BytesThatAreNoMessage_EndsWithInvalidArgument(bool afterHello)
    {
        var group = CallerActions.NewId();
        using var call = Caller.Invoker.AsyncDuplexStreamingCall(Connect, null, Deadline);
        if (afterHello)
        {
            await call.RequestStream.WriteAsync(new V1.AdapterMessage { Hello = AdapterStream.NewHello(group, "a") }.ToByteArray());
            Assert.That(await call.ResponseStream.MoveNext(CancellationToken.None), Is.True);
        }

        await call.RequestStream.WriteAsync([0xFF, 0xFF, 0xFF, 0xFF, 0xFF]);
        var end = Refusals.Of(ReadToEndAsync(call));

        end.MustBe(StatusCode.InvalidArgument, "REQUEST_UNREADABLE");
    }

    [Test]
    public void UnaryCall_BytesThatAreNoMessage_EndsWithInvalidArgument()
    {
        var method = new Method<byte[], byte[]>(MethodType.Unary, "clientfailover.v1.GroupService", "CreateGroup", Bytes, Bytes);
        using var call = Caller.Invoker.AsyncUnaryCall(method, null, Deadline, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF]);

        var failure = Refusals.Of(call);

        failure.MustBe(StatusCode.InvalidArgument, "REQUEST_UNREADABLE");
    }

    [Test]
    public async Task Connect_MessageOfAnUnknownKind_IsPassedOver()
    {
        var group = CallerActions.NewId();
        using var call = Caller.Invoker.AsyncDuplexStreamingCall(Connect, null, Deadline);
        await call.RequestStream.WriteAsync(new V1.AdapterMessage { Hello = AdapterStream.NewHello(group, "a") }.ToByteArray());
        Assert.That(await call.ResponseStream.MoveNext(CancellationToken.None), Is.True);

        // Field 1999, length-delimited, two bytes: what a later version of the contract may have.
        await call.RequestStream.WriteAsync([0xFA, 0x7C, 0x02, 0x08, 0x01]);
        await call.RequestStream.WriteAsync(
            new V1.AdapterMessage { Heartbeat = new V1.StreamHeartbeat { Sequence = 5, FailoverScore = 1 } }.ToByteArray());
        V1.ServiceMessage message;
        do
        {
            Assert.That(await call.ResponseStream.MoveNext(CancellationToken.None), Is.True);
            message = V1.ServiceMessage.Parser.ParseFrom(call.ResponseStream.Current);
        }
        while (message.HeartbeatReply is null);

        Assert.That(message.HeartbeatReply.Sequence, Is.EqualTo(5));
    }

    [Test]
    public async Task Connect_MessageThatIsTooLong_EndsWithResourceExhausted()
    {
        using var stream = AdapterStream.Open(Caller);
        var hello = AdapterStream.NewHello(CallerActions.NewId(), new string('x', 1024 * 1024));
        try
        {
            await stream.SendAsync(new V1.AdapterMessage { Hello = hello });
        }
        catch (RpcException)
        {
            // The service refused it before it was sent whole.
        }

        Assert.That((await stream.EndAsync()).StatusCode, Is.EqualTo(StatusCode.ResourceExhausted));
    }

    private static CallOptions Deadline => new(deadline: DateTime.UtcNow + RunningService.Patience);

    private static async Task ReadToEndAsync(AsyncDuplexStreamingCall<byte[], byte[]> call)
    {
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
        }
    }
}
