using Grpc.AspNetCore.Server;

namespace ClientFailover.Service.Limits;

/// <summary>What limits need to know of an endpoint, found out once.</summary>
/// <param name="IsHeartbeat">It takes heartbeats.</param>
/// <param name="IsAdapterStream">It is the adapter stream.</param>
internal sealed record CallKind(bool IsHeartbeat, bool IsAdapterStream)
{
    /// <summary>Marks an endpoint.</summary>
    /// <param name="endpoint">The endpoint.</param>
    public static void Mark(EndpointBuilder endpoint)
    {
        if (endpoint.Metadata.OfType<GrpcMethodMetadata>().FirstOrDefault()?.Method is { } method)
        {
            endpoint.Metadata.Add(new CallKind(
                method.Name == nameof(V1.SessionService.SessionServiceBase.PostHeartbeat),
                method.Name == nameof(V1.AdapterService.AdapterServiceBase.Connect)));
        }
    }
}
