namespace ClientFailover.Client;

/// <summary>How to speak to the service.</summary>
public enum FailoverTransport
{
    /// <summary>The stream; REST where a stream cannot be had (a proxy without HTTP/2, a service without gRPC). The default.</summary>
    Auto,

    /// <summary>The stream only.</summary>
    Stream,

    /// <summary>REST only.</summary>
    Rest,
}
