namespace ClientFailover.Service.Limits;

/// <summary>Marks the endpoint of a probe that anybody may call: its requests have a rate of their own, as whoever else floods the service from the same address must not have it restarted.</summary>
internal sealed class ProbeRequest
{
    private ProbeRequest()
    {
    }

    /// <summary>The mark.</summary>
    public static ProbeRequest Instance { get; } = new();

    /// <summary>Whether a request is for such an endpoint.</summary>
    /// <param name="http">The request.</param>
    /// <returns>Whether it is.</returns>
    public static bool Is(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<ProbeRequest>() is not null;
}
