using System.Runtime.CompilerServices;
using Grpc.Core;
using Grpc.Net.Client;

namespace ClientFailover.Client.Connection.Streams;

/// <summary>Responsible for one adapter stream after its welcome.</summary>
/// <param name="channel">Its connection.</param>
/// <param name="call">The stream.</param>
/// <param name="welcome">What the service answered to hello.</param>
internal sealed class StreamLink(
    GrpcChannel channel, AsyncDuplexStreamingCall<V1.AdapterMessage, V1.ServiceMessage> call, Told.Welcome welcome) : ILink
{
    private readonly SemaphoreSlim _writing = new(1);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <inheritdoc/>
    public ConnectionState Kind => ConnectionState.Stream;

    /// <inheritdoc/>
    public Told.Welcome Welcome { get; } = welcome;

    /// <inheritdoc/>
    public async IAsyncEnumerable<Told> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        try
        {
            while (await NextAsync(cancellation).ConfigureAwait(false))
            {
                if (call.ResponseStream.Current.ToTold() is { } told)
                {
                    yield return told;
                }
            }
        }
        finally
        {
            _ended.TrySetResult();
        }
    }

    /// <inheritdoc/>
    public Task BeatAsync(Beat beat, CancellationToken cancellation) => WriteAsync(beat.ToMessage(), cancellation);

    /// <inheritdoc/>
    public Task AcknowledgeAsync(long term, DateTimeOffset? final, CancellationToken cancellation) => WriteAsync(
        new V1.AdapterMessage
        {
            Acknowledgement = new V1.RoleAcknowledgement { Term = term, FinalLastDataProcessedTime = WireMap.ToTimestamp(final) },
        },
        cancellation);

    /// <inheritdoc/>
    public async Task LeaveAsync(bool unregister, CancellationToken cancellation)
    {
        await WriteAsync(new V1.AdapterMessage { Goodbye = new V1.Goodbye { Unregister = unregister } }, cancellation).ConfigureAwait(false);

        // The service closes the stream when it has taken the goodbye; whoever reads sees it.
        await _ended.Task.WaitAsync(cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        call.Dispose();
        channel.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<bool> NextAsync(CancellationToken cancellation)
    {
        try
        {
            return await call.ResponseStream.MoveNext(cancellation).ConfigureAwait(false);
        }
        catch (RpcException e)
        {
            cancellation.ThrowIfCancellationRequested();
            throw StreamFailures.Of(e);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new LinkException(LinkFailure.Unreachable, "The stream was closed.", e);
        }
    }

    private async Task WriteAsync(V1.AdapterMessage message, CancellationToken cancellation)
    {
        await _writing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await call.RequestStream.WriteAsync(message, cancellation).ConfigureAwait(false);
        }
        catch (RpcException e)
        {
            cancellation.ThrowIfCancellationRequested();
            throw StreamFailures.Of(e);
        }
        catch (Exception e) when (e is InvalidOperationException or ObjectDisposedException
            || e is OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            throw new LinkException(LinkFailure.Unreachable, "The stream has ended.", e);
        }
        finally
        {
            _writing.Release();
        }
    }
}
