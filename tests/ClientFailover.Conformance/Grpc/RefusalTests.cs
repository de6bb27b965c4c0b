using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ClientFailover.Conformance.Process;
using ClientFailover.Conformance.Rest;
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
        using var channel = SharedService.Instance.CreateChannel(role: null);
        using var call = new VersionService.VersionServiceClient(channel).GetVersionAsync(new GetVersionRequest());

        (await RefusedCall.FailAsync(call)).MustBe(StatusCode.Unauthenticated, "UNAUTHENTICATED");
        Assert.That((await call.ResponseHeadersAsync).GetValue("www-authenticate"), Does.StartWith("Basic "));
    }

    [TestCase(GrpcWebMode.GrpcWeb)]
    [TestCase(GrpcWebMode.GrpcWebText)]
    public async Task WebCall_WithoutCredentials_IsUnauthenticated(GrpcWebMode mode)
    {
        using var channel = SharedService.Instance.CreateChannel(role: null, http => new GrpcWebHandler(mode, http));

        (await RefusedCall.FailAsync(new VersionService.VersionServiceClient(channel).GetVersionAsync(new GetVersionRequest())))
            .MustBe(StatusCode.Unauthenticated, "UNAUTHENTICATED");
    }

    [Test]
    public async Task AdministratorsCall_AsAUser_IsPermissionDenied()
    {
        using var channel = SharedService.Instance.CreateChannel(RestClient.Users);
        var groups = new GroupService.GroupServiceClient(channel);

        (await RefusedCall.FailAsync(groups.DeleteGroupAsync(new DeleteGroupRequest { GroupId = "g" })))
            .MustBe(StatusCode.PermissionDenied, "ROLE_MISSING");
    }

    [Test]
    public async Task Stream_WithoutCredentials_IsUnauthenticated()
    {
        using var channel = SharedService.Instance.CreateChannel(role: null);
        using var stream = new AdapterService.AdapterServiceClient(channel).Connect();

        var failure = Assert.ThrowsAsync<RpcException>(() => stream.ResponseStream.MoveNext(CancellationToken.None))!;

        failure.MustBe(StatusCode.Unauthenticated, "UNAUTHENTICATED");
    }

    [Test]
    public async Task AnyCall_AfterTooManyWrongPasswords_IsResourceExhaustedWithRetryInfo()
    {
        // A service of its own: whoever else is at this address would be limited, too.
        await using var service = await ServiceProcess.StartAsync();
        using var channel = service.CreateChannel(role: null);
        var version = new VersionService.VersionServiceClient(channel);
        RpcException failure;
        var tries = 0;
        do
        {
            var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"nobody:{tries++}"));
            failure = await RefusedCall.FailAsync(version.GetVersionAsync(new GetVersionRequest(), new Metadata { { "authorization", $"Basic {credentials}" } }));
        }
        while (failure.StatusCode == StatusCode.Unauthenticated && tries < 100);

        failure.MustBe(StatusCode.ResourceExhausted, "TOO_MANY_REQUESTS");
        Assert.That(failure.GetRpcStatus()!.GetDetail<RetryInfo>()!.RetryDelay.ToTimeSpan(), Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public async Task AnyCall_TooLarge_IsResourceExhaustedWithDetails()
    {
        using var channel = SharedService.Instance.CreateChannel(RestClient.Users);
        var request = new CreateGroupRequest { Group = new GroupConfiguration { Id = "g", Description = new string('x', 200 * 1024) } };

        (await RefusedCall.FailAsync(new GroupService.GroupServiceClient(channel).CreateGroupAsync(request)))
            .MustBe(StatusCode.ResourceExhausted, "BODY_TOO_LARGE");
    }

    [Test]
    public async Task StreamMessage_TooLarge_IsResourceExhaustedWithDetails()
    {
        using var channel = SharedService.Instance.CreateChannel(RestClient.Users);
        using var stream = new AdapterService.AdapterServiceClient(channel).Connect();
        await stream.RequestStream.WriteAsync(new AdapterMessage { Hello = new Hello { SessionName = new string('x', 200 * 1024) } });

        var failure = Assert.ThrowsAsync<RpcException>(() => stream.ResponseStream.MoveNext(CancellationToken.None))!;

        failure.MustBe(StatusCode.ResourceExhausted, "BODY_TOO_LARGE");
    }

    [Test]
    public async Task AnyCall_WithBytesThatAreNoMessage_LeavesNoErrorInTheLog()
    {
        using var client = SharedService.Instance.CreateClient(RestClient.Users);
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
        Assert.That(SharedService.Instance.Log, Does.Not.Contain("Grpc.AspNetCore.Server.ServerCallHandler[6]"));
    }
}
