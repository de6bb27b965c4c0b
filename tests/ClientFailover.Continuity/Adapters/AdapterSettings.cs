using ClientFailover.Client;

namespace ClientFailover.Continuity.Adapters;

/// <summary>What an adapter's process is told: the first line of its standard input, as it holds a password.</summary>
internal sealed record AdapterSettings
{
    public required string Group { get; init; }

    /// <summary>Name of the adapter, and id of its session.</summary>
    public required string Name { get; init; }

    /// <summary>Counts its starts.</summary>
    public required int Life { get; init; }

    public required AdapterKind Kind { get; init; }

    public required FailoverMode Mode { get; init; }

    public required TimeSpan FailoverTimeout { get; init; }

    public required Uri Endpoint { get; init; }

    public required string UserName { get; init; }

    public required string Password { get; init; }

    /// <summary>Certificate of the service, the only one to be trusted.</summary>
    public required string CertificateFile { get; init; }

    /// <summary>Ports of the sources.</summary>
    public required int[] SourcePorts { get; init; }

    /// <summary>Address of the destination.</summary>
    public required Uri Destination { get; init; }

    /// <summary>What it keeps over restarts.</summary>
    public required string Folder { get; init; }

    /// <summary>How long a component takes to start.</summary>
    public required TimeSpan StartTime { get; init; }

    /// <summary>Least time from one message to the destination to the next, so that many pairs can share two cores.</summary>
    public required TimeSpan EgressInterval { get; init; }

    /// <summary>It is broken on purpose: the bench must see it.</summary>
    public bool IsSabotaged { get; init; }
}

/// <summary>What an adapter is made of.</summary>
internal enum AdapterKind
{
    /// <summary>On the client library, over the stream.</summary>
    Stream,

    /// <summary>On the client library, over REST.</summary>
    Rest,

    /// <summary>On the client library, which chooses.</summary>
    Auto,

    /// <summary>An adapter of the field, imitated.</summary>
    Field,
}
