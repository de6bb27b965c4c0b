namespace ClientFailover.Samples.AdapterPair.Adapters;

/// <summary>
/// What an adapter must know. The first members are those of the failover facet that adapters in the field are
/// configured with; the rest is this sample's own.
/// </summary>
internal sealed record AdapterFacet
{
    public required string FailoverGroupId { get; init; }

    public required TimeSpan FailoverTimeout { get; init; }

    public required Uri Endpoint { get; init; }

    public required string UserName { get; init; }

    public required string Password { get; init; }

    /// <summary>The certificate of the service, the only one to be trusted.</summary>
    public required string CertificateFile { get; init; }

    /// <summary>How to speak to the service.</summary>
    public required Wire Wire { get; init; }

    public required string SessionId { get; init; }

    public required string SessionName { get; init; }

    /// <summary>The file that the Primary appends to.</summary>
    public required string Destination { get; init; }
}

/// <summary>How an adapter speaks to the service.</summary>
internal enum Wire
{
    /// <summary>Heartbeats over REST, as adapters in the field do.</summary>
    Rest,

    /// <summary>One gRPC stream for the adapter's whole life.</summary>
    Stream,
}
