namespace ClientFailover.Service.Health;

/// <summary>How the service says that it is, in its messages; the numbers are what is sent.</summary>
internal enum DeviceStatus
{
    /// <summary>Nothing is wrong with it.</summary>
    Good = 0,

    /// <summary>One of its <see cref="Faults.IFaultSource"/> tells of something.</summary>
    DeviceInError = 1,

    /// <summary>It stops.</summary>
    Shutdown = 2,
}
