using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ClientFailover.Conformance.Running;
using ClientFailover.V1;
using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client.Web;
using NUnit.Framework;

namespace ClientFailover.Conformance.Grpc;

/// <summary>Native calls that never become calls: their refusals have status, reason and details like all others.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class RefusalTests
{
    [Test]
    public async Task AnyCall_WithoutCredentials_IsUnauthenticatedWithTheChallenge()
    {
        using var channel = SharedService.Instance.OpenGrpc(null);
        using var call = new VersionService.VersionServiceClient(channel).GetVersionAsync(new GetVersionRequest());

        Refusals.Of(call).MustBe(StatusCode.Unauthenticated, "UNAUTHENTICATED");
        Assert.That((await call.ResponseHeadersAsync).GetValue("www-authenticate"), Does.StartWith("Basic "));
    }

    [TestCase(GrpcWebMode.GrpcWeb)]
    [TestCase(GrpcWebMode.GrpcWebText)]
    public void WebCall_WithoutCredentials_IsUnauthenticated(GrpcWebMode mode)
    {
        using var channel = SharedService.Instance.OpenGrpc(null, http => new GrpcWebHandler(mode, http));

        Refusals.Of(new VersionService.VersionServiceClient(channel).GetVersionAsync(new GetVersionRequest()))
            .MustBe(StatusCode.Unauthenticated, "UNAUTHENTICATED");
    }

    [Test]
    public void AdministratorsCall_AsAUser_IsPermissionDenied()
    {
        using var channel = SharedService.Instance.OpenGrpc(SharedService.Instance.User.Header);
        var groups = new GroupService.GroupServiceClient(channel);

        Refusals.Of(groups.DeleteGroupAsync(new DeleteGroupRequest { GroupId = "g" }))
            .MustBe(StatusCode.PermissionDenied, "ROLE_MISSING");
    }

    [Test]
    public void Stream_WithoutCredentials_IsUnauthenticated()
    {
        using var channel = SharedService.Instance.OpenGrpc(null);
        using var stream = new AdapterService.AdapterServiceClient(channel).Connect();

        var failure = Assert.ThrowsAsync<RpcException>(() => stream.ResponseStream.MoveNext(CancellationToken.None))!;

        failure.MustBe(StatusCode.Unauthenticated, "UNAUTHENTICATED");
    }

    [Test]
    public async Task AnyCall_AfterTooManyWrongPasswords_IsResourceExhaustedWithRetryInfo()
    {
        // A service of its own: whoever else is at this address would be limited, too.
        using var data = DataFolder.Create();
        await using var service = await RunningService.StartAsync(data.Path);
        using var channel = service.OpenGrpc(null);
        var version = new VersionService.VersionServiceClient(channel);
        RpcException failure;
        var tries = 0;
        do
        {
            var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"nobody:{tries++}"));
            failure = Refusals.Of(version.GetVersionAsync(new GetVersionRequest(), new Metadata { { "authorization", $"Basic {credentials}" } }));
        }
        while (failure.StatusCode == StatusCode.Unauthenticated && tries < 100);

        failure.MustBe(StatusCode.ResourceExhausted, "TOO_MANY_REQUESTS");
        Assert.That(failure.GetRpcStatus()!.GetDetail<RetryInfo>()!.RetryDelay.ToTimeSpan(), Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public void AnyCall_TooLarge_IsResourceExhaustedWithDetails()
    {
        using var channel = SharedService.Instance.OpenGrpc(SharedService.Instance.User.Header);
        var request = new CreateGroupRequest { Group = new GroupConfiguration { Id = "g", Description = new string('x', 200 * 1024) } };

        Refusals.Of(new GroupService.GroupServiceClient(channel).CreateGroupAsync(request))
            .MustBe(StatusCode.ResourceExhausted, "BODY_TOO_LARGE");
    }

    [Test]
    public async Task StreamMessage_TooLarge_IsResourceExhaustedWithDetails()
    {
        using var channel = SharedService.Instance.OpenGrpc(SharedService.Instance.User.Header);
        using var stream = new AdapterService.AdapterServiceClient(channel).Connect();
        var hello = new AdapterMessage { Hello = new Hello { SessionName = new string('x', 200 * 1024) } };

        await SendAsync(stream, hello);

        var failure = Assert.ThrowsAsync<RpcException>(() => stream.ResponseStream.MoveNext(CancellationToken.None))!;
        failure.MustBe(StatusCode.ResourceExhausted, "BODY_TOO_LARGE");
    }

    [Test]
    public async Task StreamMessage_LargeAfterTheHello_IsResourceExhaustedWithDetails()
    {
        using var channel = SharedService.Instance.OpenGrpc(SharedService.Instance.User.Header);
        using var stream = new AdapterService.AdapterServiceClient(channel).Connect();
        await stream.RequestStream.WriteAsync(new AdapterMessage
        {
            Hello = new Hello { Group = new GroupConfiguration { Id = $"large-{Guid.NewGuid():N}" }, SessionId = "A" },
        });
        Assert.That(await stream.ResponseStream.MoveNext(CancellationToken.None), Is.True, "It is welcomed.");

        await SendAsync(stream, new AdapterMessage { Hello = new Hello { SessionName = new string('x', 5000) } });

        var failure = Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await stream.ResponseStream.MoveNext(CancellationToken.None))
            {
            }
        })!;
        failure.MustBe(StatusCode.ResourceExhausted, "BODY_TOO_LARGE");
    }

    /// <summary>Sends a message that is refused by its length, maybe before the rest of it is sent: the answer says why.</summary>
    private static async Task SendAsync(AsyncDuplexStreamingCall<AdapterMessage, ServiceMessage> stream, AdapterMessage message)
    {
        try
        {
            await stream.RequestStream.WriteAsync(message);
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException or OperationCanceledException)
        {
            // It was not sent whole.
        }
    }

    [Test]
    public async Task AnyCall_WithBytesThatAreNoMessage_LeavesNoErrorInTheLog()
    {
        using var client = SharedService.Instance.OpenHttp(SharedService.Instance.User.Header);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/clientfailover.v1.VersionService/GetVersion")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent([0, 0, 0, 0, 2, 0xFF, 0xFF]),
        };
        request.Headers.TryAddWithoutValidation("TE", "trailers");
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");

        using var response = await client.SendAsync(request);

        Assert.That(response.Headers.GetValues("grpc-status"), Is.EqualTo(new[] { "3" }));
        Assert.That(SharedService.Instance.Output, Does.Not.Contain("Grpc.AspNetCore.Server.ServerCallHandler[6]"));
    }
}
