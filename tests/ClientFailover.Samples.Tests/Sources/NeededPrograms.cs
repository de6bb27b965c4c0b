using ClientFailover.Samples.Processes;
using ClientFailover.Testing;
using NUnit.Framework;

namespace ClientFailover.Samples.Tests.Sources;

/// <summary>Responsible for mosquitto and pymodbus being there: installs them once, where it may.</summary>
[SetUpFixture]
internal sealed class NeededPrograms
{
    private const string Packages = "mosquitto python3-pymodbus python3-serial-asyncio";

    [OneTimeSetUp]
    public Task InstallAsync() => DebianPackages.EnsureAsync(() => Broker.IsInstalled && ModbusServer.IsInstalled, Packages);
}
