using ClientFailover.Service.Transport.Errors;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Transport.Errors;

/// <summary>What the framework says without details is the caller's fault only where it speaks of the message.</summary>
public sealed class UnreadableRequestTests : ApiTests
{
    [TestCase(StatusCode.Internal, "Incomplete message.", "REQUEST_UNREADABLE")]
    [TestCase(StatusCode.Internal, "Additional data after the message received.", "REQUEST_UNREADABLE")]
    [TestCase(StatusCode.Internal, "Unexpected compressed flag value in message header.", "REQUEST_UNREADABLE")]
    [TestCase(StatusCode.Internal, "Request sent 'identity' grpc-encoding value with compressed message.", "REQUEST_UNREADABLE")]
    [TestCase(StatusCode.ResourceExhausted, "Received message exceeds the maximum configured message size.", "BODY_TOO_LARGE")]
    [TestCase(StatusCode.ResourceExhausted, "Sending message exceeds the maximum configured message size.", null)]
    [TestCase(StatusCode.Internal, "Exception was thrown by handler.", null)]
    [TestCase(StatusCode.Internal, "", null)]
    [TestCase(StatusCode.NotFound, "", null)]
    public void FailureOf_StatusOfTheFramework_IsOfTheMessageOnlyIfItSaysSo(StatusCode code, string detail, string? reason) =>
        Assert.That(UnreadableRequest.FailureOf(new Status(code, detail))?.Code, Is.EqualTo(reason));

    [TestCase("13", "Incomplete message.", false, "REQUEST_UNREADABLE", "3")]
    [TestCase("2", "Exception was thrown by handler.", false, "REQUEST_UNREADABLE", "3")]
    [TestCase("8", "Received message exceeds the maximum configured message size.", false, "BODY_TOO_LARGE", "8")]
    [TestCase("2", "Exception was thrown by handler.", true, "INTERNAL", "13")]
    [TestCase("13", "Incomplete message.", true, "INTERNAL", "13")]
    [TestCase("13", "Something else.", false, "INTERNAL", "13")]
    [TestCase("8", "Sending message exceeds the maximum configured message size.", true, "INTERNAL", "13")]
    public async Task Wrap_CallThatEndsWithoutDetails_IsADefectOnceTheMessageWasRead(string status, string message, bool wasRead, string reason, string told)
    {
        var http = await EndAsync(response =>
        {
            if (wasRead)
            {
                UnreadableRequest.WasRead(response.HttpContext);
            }

            response.Headers["grpc-status"] = status;
            response.Headers["grpc-message"] = message;
        });

        var details = Google.Rpc.Status.Parser.ParseFrom(Convert.FromBase64String(http.Response.Headers["grpc-status-details-bin"].ToString()));
        Assert.That(http.Response.Headers["grpc-status"].ToString(), Is.EqualTo(told));
        Assert.That(details.GetDetail<Google.Rpc.ErrorInfo>()!.Reason, Is.EqualTo(reason));
    }

    [TestCase(415, "REQUEST_UNREADABLE")]
    [TestCase(426, "REQUEST_UNREADABLE")]
    [TestCase(500, "INTERNAL")]
    public async Task Wrap_CallThatIsRefusedAsNoneOfGrpc_IsTheCallersMistake(int status, string reason)
    {
        var http = await EndAsync(response =>
        {
            response.StatusCode = status;
            response.Headers["grpc-status"] = "13";
            response.Headers["grpc-message"] = "Content-Type 'application/json' is not supported.";
        });

        var details = Google.Rpc.Status.Parser.ParseFrom(Convert.FromBase64String(http.Response.Headers["grpc-status-details-bin"].ToString()));
        Assert.That(details.GetDetail<Google.Rpc.ErrorInfo>()!.Reason, Is.EqualTo(reason));
    }

    [TestCase("0", null)]
    [TestCase("5", null)]
    [TestCase("13", "ours")]
    public async Task Wrap_CallThatIsAnswered_StaysAsItIs(string status, string? details)
    {
        var http = await EndAsync(response =>
        {
            response.Headers["grpc-status"] = status;
            if (details is not null)
            {
                response.Headers["grpc-status-details-bin"] = details;
            }
        });

        Assert.That(http.Response.Headers["grpc-status"].ToString(), Is.EqualTo(status));
        Assert.That(http.Response.Headers["grpc-status-details-bin"].ToString(), Is.EqualTo(details ?? ""));
    }

    [Test]
    public async Task Stream_CutOffMessage_IsUnreadableAndNoDefect()
    {
        using var stream = GrpcOf(TestCallers.Adapter).Open(V1.AdapterService.Descriptor.FindMethodByName("Connect"));
        await stream.RequestStream.WriteAsync([0xFF, 0xFF, 0xFF]);

        var end = await EndAsync(stream.ResponseStream);

        Assert.That((end.StatusCode, CodeOf(end)), Is.EqualTo((StatusCode.InvalidArgument, "REQUEST_UNREADABLE")));
    }

    private async Task<HttpContext> EndAsync(Action<HttpResponse> answer)
    {
        var text = Marshallers.Create<string>(_ => [], _ => "");
        var endpoint = new RouteEndpointBuilder(
            http =>
            {
                answer(http.Response);
                return Task.CompletedTask;
            },
            RoutePatternFactory.Parse("/x"),
            0)
        { ApplicationServices = Host.App.Services };
        endpoint.Metadata.Add(new GrpcMethodMetadata(typeof(object), new Method<string, string>(MethodType.Unary, "x", "Call", text, text)));
        UnreadableRequest.Wrap(endpoint);
        var context = new DefaultHttpContext();
        await endpoint.RequestDelegate!(context);
        return context;
    }
}
