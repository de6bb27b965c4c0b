using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;

namespace ClientFailover.Service.Tests.Transport;

/// <summary>Native calls of any method, made from its description.</summary>
internal sealed class RawGrpc(CallInvoker invoker)
{
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create<byte[]>(b => b, b => b);

    /// <summary>Makes a call and ends it after its first answer, if it streams.</summary>
    /// <param name="method">The method.</param>
    /// <param name="request">The request, or the first message.</param>
    /// <returns>The first answer; null: none.</returns>
    /// <exception cref="RpcException">It was refused.</exception>
    public Task<byte[]?> CallAsync(MethodDescriptor method, IMessage request) => CallAsync(Raw(method), request.ToByteArray());

    /// <summary>Makes a call and ends it after its first answer, if it streams.</summary>
    public async Task<byte[]?> CallAsync(IMethod method, byte[] request)
    {
        var options = new CallOptions(deadline: DateTime.UtcNow + ApiHost.Patience);
        var raw = new Method<byte[], byte[]>(method.Type, method.ServiceName, method.Name, Bytes, Bytes);
        if (raw.Type == MethodType.Unary)
        {
            using var call = invoker.AsyncUnaryCall(raw, null, options, request);
            return await call;
        }

        if (raw.Type == MethodType.ServerStreaming)
        {
            using var call = invoker.AsyncServerStreamingCall(raw, null, options, request);
            return await call.ResponseStream.MoveNext(default) ? call.ResponseStream.Current : null;
        }

        using var stream = invoker.AsyncDuplexStreamingCall(raw, null, options);
        try
        {
            await stream.RequestStream.WriteAsync(request);
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
            // Refused already: the answer says why.
        }

        return await stream.ResponseStream.MoveNext(default) ? stream.ResponseStream.Current : null;
    }

    /// <summary>Makes a call.</summary>
    public async Task<TResponse> CallAsync<TResponse>(MethodDescriptor method, IMessage request)
        where TResponse : IMessage<TResponse>, new() => new MessageParser<TResponse>(() => new TResponse()).ParseFrom(await CallAsync(method, request));

    /// <summary>Opens a stream in both directions.</summary>
    public AsyncDuplexStreamingCall<byte[], byte[]> Open(MethodDescriptor method) => invoker.AsyncDuplexStreamingCall(Raw(method), null, default);

    /// <summary>Opens a stream of answers.</summary>
    public AsyncServerStreamingCall<byte[]> Open(MethodDescriptor method, IMessage request) =>
        invoker.AsyncServerStreamingCall(Raw(method), null, default, request.ToByteArray());

    private static Method<byte[], byte[]> Raw(MethodDescriptor method) => new(
        (method.IsClientStreaming, method.IsServerStreaming) switch
        {
            (false, false) => MethodType.Unary,
            (false, true) => MethodType.ServerStreaming,
            (true, false) => MethodType.ClientStreaming,
            _ => MethodType.DuplexStreaming,
        },
        method.Service.FullName,
        method.Name,
        Bytes,
        Bytes);
}
