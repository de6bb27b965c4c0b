namespace ClientFailover.Service.Health.Faults;

/// <summary>Tells of one thing that makes the service <see cref="DeviceStatus.DeviceInError"/>.</summary>
internal interface IFaultSource
{
    /// <summary>
    /// What is wrong now, for people, without a full stop; null: nothing. Looked at each second: it must cost nothing and must not
    /// wait.
    /// </summary>
    string? Current { get; }
}
