using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace ClientFailover.Service.Tests.Transport;

/// <summary>A call over gRPC that came with a request of the web server.</summary>
internal sealed class CallOf : ServerCallContext
{
    public CallOf(HttpContext http) => UserState["__HttpContext"] = http;

    protected override string MethodCore => "method";

    protected override string HostCore => "localhost";

    protected override string PeerCore => "peer";

    protected override DateTime DeadlineCore => DateTime.MaxValue;

    protected override Metadata RequestHeadersCore { get; } = [];

    protected override CancellationToken CancellationTokenCore => default;

    protected override Metadata ResponseTrailersCore { get; } = [];

    protected override Status StatusCore { get; set; }

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override AuthContext AuthContextCore { get; } = new(null, []);

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) => throw new NotSupportedException();

    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) => Task.CompletedTask;
}
