using Grpc.Core;

namespace ClientFailover.Service.Transport.Services;

/// <summary>A call that can be ended by the service as well as by its caller. All else of it is the framework's.</summary>
internal sealed class EndingCall : ServerCallContext
{
    // Where the framework looks for the request of a call that is not its own.
    private const string HttpContextKey = "__HttpContext";

    private readonly ServerCallContext _inner;
    private readonly CancellationToken _ended;

    /// <summary>Makes it.</summary>
    /// <param name="inner">The call.</param>
    /// <param name="http">Its request.</param>
    /// <param name="ended">Cancelled when either of the two ends it.</param>
    public EndingCall(ServerCallContext inner, HttpContext http, CancellationToken ended)
    {
        (_inner, _ended) = (inner, ended);
        inner.UserState[HttpContextKey] = http;
    }

    /// <inheritdoc/>
    protected override string MethodCore => _inner.Method;

    /// <inheritdoc/>
    protected override string HostCore => _inner.Host;

    /// <inheritdoc/>
    protected override string PeerCore => _inner.Peer;

    /// <inheritdoc/>
    protected override DateTime DeadlineCore => _inner.Deadline;

    /// <inheritdoc/>
    protected override Metadata RequestHeadersCore => _inner.RequestHeaders;

    /// <inheritdoc/>
    protected override CancellationToken CancellationTokenCore => _ended;

    /// <inheritdoc/>
    protected override Metadata ResponseTrailersCore => _inner.ResponseTrailers;

    /// <inheritdoc/>
    protected override Status StatusCore
    {
        get => _inner.Status;
        set => _inner.Status = value;
    }

    /// <inheritdoc/>
    protected override WriteOptions? WriteOptionsCore
    {
        get => _inner.WriteOptions;
        set => _inner.WriteOptions = value;
    }

    /// <inheritdoc/>
    protected override AuthContext AuthContextCore => _inner.AuthContext;

    /// <inheritdoc/>
    protected override IDictionary<object, object> UserStateCore => _inner.UserState;

    /// <inheritdoc/>
    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) => _inner.CreatePropagationToken(options);

    /// <inheritdoc/>
    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) => _inner.WriteResponseHeadersAsync(responseHeaders);
}

/// <summary>The messages of such a call: whoever waits for the next one does not wait longer than the call.</summary>
/// <typeparam name="T">The message.</typeparam>
/// <param name="inner">The messages.</param>
/// <param name="ended">Cancelled when the call ends.</param>
internal sealed class EndingReader<T>(IAsyncStreamReader<T> inner, CancellationToken ended) : IAsyncStreamReader<T>
{
    /// <inheritdoc/>
    public T Current => inner.Current;

    /// <inheritdoc/>
    public Task<bool> MoveNext(CancellationToken cancellationToken) =>
        cancellationToken.CanBeCanceled ? MoveNextAsync(cancellationToken) : inner.MoveNext(ended);

    private async Task<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ended, cancellationToken);
        return await inner.MoveNext(either.Token);
    }
}
