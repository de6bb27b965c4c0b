using ClientFailover.Samples.Modbus;
using NUnit.Framework;

namespace ClientFailover.Samples.Tests.Modbus;

[TestFixture]
internal sealed class RegisterMapTests
{
    [Test]
    public void Slot_WrittenAndRead_IsTheSame()
    {
        var slot = new Slot(uint.MaxValue - 1, new DateTimeOffset(2026, 11, 24, 1, 2, 3, TimeSpan.Zero).AddTicks(4567), -1.25f);
        var registers = new ushort[RegisterMap.SlotLength];

        RegisterMap.Write(slot, registers);

        Assert.That(RegisterMap.ReadSlot(registers), Is.EqualTo(slot));
    }

    [Test]
    public void Header_WrittenAndRead_IsTheSame()
    {
        var header = new Header(new DateTimeOffset(2026, 11, 24, 1, 2, 3, TimeSpan.Zero), [1, 70_000, 0]);

        var read = RegisterMap.ReadHeader(RegisterMap.Write(header));

        Assert.That(read.Clock, Is.EqualTo(header.Clock));
        Assert.That(read.Newest, Is.EqualTo(header.Newest));
    }

    [Test]
    public void Registers_NeverWritten_AreReadAllTheSame()
    {
        var registers = new ushort[RegisterMap.SlotLength];
        registers.AsSpan().Fill(0xFFFF);

        Assert.That(RegisterMap.ReadSlot(registers).Time, Is.EqualTo(DateTimeOffset.UnixEpoch));
    }

    [Test]
    public void Addresses_OfTheLastSignal_FitIntoTheDevice()
    {
        var last = RegisterMap.SlotAddress(RegisterMap.MostSignals - 1, RegisterMap.Slots - 1) + RegisterMap.SlotLength;

        Assert.That(last, Is.EqualTo(128 + (59 * 1024)).And.LessThanOrEqualTo(65536));
        Assert.That(RegisterMap.HeaderLength(RegisterMap.MostSignals), Is.LessThanOrEqualTo(123));
    }

    [TestCase(1u, 4u, ExpectedResult = 4)]
    [TestCase(1u, 100u, ExpectedResult = 15)]
    [TestCase(126u, 130u, ExpectedResult = 2, Description = "slots 126 and 127 are the end of the ring")]
    [TestCase(128u, 130u, ExpectedResult = 3)]
    public int Together_FromTo_WithinTheRing(uint first, uint last) => RegisterMap.Together(first, last);
}
