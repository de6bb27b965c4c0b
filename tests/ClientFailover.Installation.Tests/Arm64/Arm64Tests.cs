using System.Buffers.Binary;
using NUnit.Framework;

namespace ClientFailover.Installation.Tests.Arm64;

/// <summary>The service for Linux on 64-bit ARM, as it is published from a machine of another kind.</summary>
public sealed class Arm64Tests
{
    // e_ident: a file of 64 bits, least significant byte first; e_machine: EM_AARCH64.
    private static readonly byte[] Start = [0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1];
    private const int MachineOffset = 18;
    private const ushort AArch64 = 183;

    [Test]
    public async Task Publish_FromAnotherMachine_IsOneExecutableForArmWithEverythingInIt()
    {
        // Not compiled ahead, to save time: that changes what is in the executable, not what it is.
        var folder = await PublishedService.PublishAsync("linux-arm64", "-p:PublishReadyToRun=false");

        Assert.That(
            Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f)),
            Is.EquivalentTo(["ClientFailover.Service", "libe_sqlite3.so", "appsettings.json"]));
        Assert.That(MachineOf(Path.Combine(folder, "ClientFailover.Service")), Is.EqualTo(AArch64));
        Assert.That(MachineOf(Path.Combine(folder, "libe_sqlite3.so")), Is.EqualTo(AArch64));
        Assert.That(new FileInfo(Path.Combine(folder, "ClientFailover.Service")).Length, Is.GreaterThan(50_000_000), "The runtime is in it.");
    }

    private static ushort MachineOf(string path)
    {
        using var file = File.OpenRead(path);
        var header = new byte[MachineOffset + sizeof(ushort)];
        file.ReadExactly(header);
        Assert.That(header[..Start.Length], Is.EqualTo(Start), path);
        return BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(MachineOffset));
    }
}
