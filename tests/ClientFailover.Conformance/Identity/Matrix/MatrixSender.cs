using System.Text;
using System.Text.Json;
using ClientFailover.Conformance.Running;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Grpc.Core;

namespace ClientFailover.Conformance.Identity.Matrix;

/// <summary>Responsible for making the calls of the matrix as .NET does, over HTTP/1.1 (REST) and HTTP/2 (gRPC).</summary>
/// <param name="caller">Who makes them.</param>
internal sealed class MatrixSender(Caller caller)
{
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create<byte[]>(b => b, b => b);

    /// <summary>The reason in the body of an error.</summary>
    /// <param name="body">The body.</param>
    public static string? ReasonOf(string body)
    {
        try
        {
            return JsonDocument.Parse(body).RootElement.GetProperty("AdditionalParameters").GetProperty("Code").GetString();
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Calls a route.</summary>
    /// <param name="route">The route.</param>
    public async Task<MatrixAnswer> SendAsync(RestRoute route)
    {
        using var request = new HttpRequestMessage(new HttpMethod(route.Verb), route.Path)
        {
            Content = route.Body is { } body ? new StringContent(body, Encoding.UTF8, "application/json") : null,
        };

        // A watch does not end.
        using var response = await caller.Rest.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return new MatrixAnswer((int)response.StatusCode, response.IsSuccessStatusCode ? null : ReasonOf(await response.Content.ReadAsStringAsync()));
    }

    /// <summary>Calls a method, and takes its first answer if it streams.</summary>
    /// <param name="method">The method.</param>
    /// <param name="message">The message; null: an empty one.</param>
    public async Task<MatrixAnswer> SendAsync(MethodDescriptor method, byte[]? message = null)
    {
        try
        {
            await CallAsync(method, message ?? []);
            return new MatrixAnswer((int)StatusCode.OK, null);
        }
        catch (RpcException e)
        {
            return new MatrixAnswer((int)e.StatusCode, e.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason);
        }
    }

    private async Task CallAsync(MethodDescriptor method, byte[] message)
    {
        var options = new CallOptions(deadline: DateTime.UtcNow + RunningService.Patience);
        var type = method.IsClientStreaming ? MethodType.DuplexStreaming : method.IsServerStreaming ? MethodType.ServerStreaming : MethodType.Unary;
        var raw = new Method<byte[], byte[]>(type, method.Service.FullName, method.Name, Bytes, Bytes);
        switch (type)
        {
            case MethodType.Unary:
                using (var call = caller.Invoker.AsyncUnaryCall(raw, null, options, message))
                {
                    await call;
                }

                break;
            case MethodType.ServerStreaming:
                using (var call = caller.Invoker.AsyncServerStreamingCall(raw, null, options, message))
                {
                    await call.ResponseStream.MoveNext(CancellationToken.None);
                }

                break;
            default:
                using (var call = caller.Invoker.AsyncDuplexStreamingCall(raw, null, options))
                {
                    try
                    {
                        await call.RequestStream.WriteAsync(message);
                        await call.RequestStream.CompleteAsync();
                    }
                    catch (Exception e) when (e is RpcException or InvalidOperationException)
                    {
                        // Refused already: the answer says why.
                    }

                    await call.ResponseStream.MoveNext(CancellationToken.None);
                }

                break;
        }
    }
}
