using ClientFailover.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace ClientFailover.Samples.AdapterPair.Adapters;

/// <summary>
/// Responsible for failover over gRPC: keeps one stream open, opens another when it breaks, and remembers the term
/// from one to the next.
/// </summary>
internal sealed class StreamAdapter(AdapterFacet facet, HotBuffer buffer, GrpcChannel channel, Action<string> say) : IAdapter
{
    private static readonly TimeSpan ReconnectDelay = TimeSpan.FromMilliseconds(500);

    private readonly AdapterService.AdapterServiceClient _client = new(channel);
    private long? _term;
    private string? _trouble;

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await ConnectAsync(stop);
            await Task.Delay(ReconnectDelay, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ConnectAsync(CancellationToken stop)
    {
        using var call = _client.Connect(cancellationToken: CancellationToken.None);
        var stream = new AdapterStream(facet, buffer, call, _term, say);
        try
        {
            await stream.RunAsync(stop);
            _trouble = null;
        }
        catch (RpcException exception)
        {
            // Cut off, an adapter keeps its role: duplicates rather than gaps.
            if (!stop.IsCancellationRequested && _trouble != exception.Status.Detail)
            {
                _trouble = exception.Status.Detail;
                say($"keeps its role: {exception.StatusCode}, {_trouble}");
            }
        }

        _term = stream.Term;
    }
}
