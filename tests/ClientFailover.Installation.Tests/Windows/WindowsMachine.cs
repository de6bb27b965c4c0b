namespace ClientFailover.Installation.Tests.Windows;

/// <summary>What the scripts did to a Windows that only remembers.</summary>
/// <param name="Calls">Cmdlets and programs that were called, in their order.</param>
/// <param name="Written">What was written.</param>
/// <param name="Problems">What was refused or went wrong.</param>
/// <param name="Services">Services, each with its state.</param>
/// <param name="Groups">Local groups.</param>
/// <param name="Rules">Rules of the firewall.</param>
/// <param name="Keys">Keys of the registry.</param>
internal sealed record WindowsMachine(
    IReadOnlyList<string> Calls,
    IReadOnlyList<string> Written,
    IReadOnlyList<string> Problems,
    IReadOnlyDictionary<string, string> Services,
    IReadOnlyList<string> Groups,
    IReadOnlyList<string> Rules,
    IReadOnlyList<string> Keys)
{
    /// <summary>The name of the service.</summary>
    public const string Service = "Client Failover Service";
}
