namespace ClientFailover.Service.Health.Omf;

/// <summary>
/// Responsible for the names under which endpoints know the service: they are those of elements in PI AF and of points in the
/// Data Archive, so they never change. Ids of types have a namespace because adapters own the plain ones, in other shapes.
/// </summary>
/// <param name="machine">Name of the machine.</param>
internal sealed class OmfNames(string machine)
{
    /// <summary>The element that all services of an endpoint are under.</summary>
    public const string Root = "Client Failover Services";

    /// <summary>Type of <see cref="Root"/>.</summary>
    public const string RootType = "ClientFailoverServices";

    /// <summary>Type of <see cref="Service"/>.</summary>
    public const string ServiceType = "ClientFailoverService";

    /// <summary>Type of <see cref="Health"/>.</summary>
    public const string HealthType = "ClientFailoverHealth";

    /// <summary>Type of <see cref="Diagnostics"/>.</summary>
    public const string DiagnosticsType = "ClientFailover.Diagnostics.System";

    /// <summary>Type of <see cref="Status"/>.</summary>
    public const string StatusType = "ClientFailover.DeviceStatus";

    /// <summary>Type of the status itself, an enumeration.</summary>
    public const string StatusEnum = "ClientFailover.DeviceStatusEnum";

    /// <summary>Type of <see cref="Count"/>.</summary>
    public const string CountType = "ClientFailover.FailoverObjectCount";

    /// <summary>Type of <see cref="Next"/>.</summary>
    public const string NextType = "ClientFailover.NextHealthMessageExpected";

    /// <summary>The index of every dynamic type.</summary>
    public const string Timestamp = "Timestamp";

    /// <summary>Name of the machine.</summary>
    public string Machine { get; } = machine;

    /// <summary>The element of the service.</summary>
    public string Service { get; } = $"{machine}.ClientFailoverService";

    /// <summary>The element of its health.</summary>
    public string Health => $"{Service}.ClientFailover";

    /// <summary>Container of what the process takes of its machine.</summary>
    public string Diagnostics => $"{Service}.System.Diagnostics";

    /// <summary>Container of the status.</summary>
    public string Status => $"{Health}.DeviceStatus";

    /// <summary>Container of how many groups and sessions there are.</summary>
    public string Count => $"{Health}.FailoverObjectCount";

    /// <summary>Container of when the next message is to be expected.</summary>
    public string Next => $"{Health}.NextHealthMessageExpected";
}
