using ClientFailover.Samples.Modbus.Protocol;
using NUnit.Framework;

namespace ClientFailover.Samples.Tests.Modbus;

/// <summary>The Modbus client against answers that are right, in pieces, wrong, or do not come.</summary>
[TestFixture]
internal sealed class ModbusClientTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);

    [Test]
    public async Task Read_AnswerInSinglebytes_PutTogether()
    {
        using var device = new ScriptedDevice(request => [.. ScriptedDevice.Answer(request, 0x1234, 0xFFFF).Select(b => new[] { b })]);
        using var client = await ConnectAsync(device, Long);

        Assert.That(await client.ReadAsync(0, 2, CancellationToken.None), Is.EqualTo(new ushort[] { 0x1234, 0xFFFF }));
        Assert.That(await client.ReadAsync(0, 2, CancellationToken.None), Is.EqualTo(new ushort[] { 0x1234, 0xFFFF }), "and again");
    }

    [Test]
    public async Task Read_Request_IsAsSpecified()
    {
        byte[] seen = [];
        using var device = new ScriptedDevice(request =>
        {
            seen = [.. request];
            return [ScriptedDevice.Answer(request, new ushort[10])];
        });
        using var client = await ConnectAsync(device, Long);

        await client.ReadAsync(0x0102, 10, CancellationToken.None);

        Assert.That(seen, Is.EqualTo(new byte[] { 0, 1, 0, 0, 0, 6, 1, 3, 1, 2, 0, 10 }));
    }

    [Test]
    public async Task Read_Exception_ThrownAndTheConnectionGoesOn()
    {
        var first = true;
        using var device = new ScriptedDevice(request =>
        {
            byte[] refusal = [request[0], request[1], 0, 0, 0, 3, 1, 0x83, 2];
            var answer = first ? refusal : ScriptedDevice.Answer(request, 7);
            first = false;
            return [answer];
        });
        using var client = await ConnectAsync(device, Long);

        Assert.That(
            async () => await client.ReadAsync(0, 1, CancellationToken.None),
            Throws.TypeOf<ModbusException>().With.Property(nameof(ModbusException.Code)).EqualTo(2));
        Assert.That(await client.ReadAsync(0, 1, CancellationToken.None), Is.EqualTo(new ushort[] { 7 }));
    }

    private static IEnumerable<TestCaseData> Malformed()
    {
        TestCaseData Case(string name, Action<byte[]> spoil) => new TestCaseData(spoil).SetArgDisplayNames(name);
        yield return Case("another transaction", answer => answer[1]++);
        yield return Case("another protocol", answer => answer[3] = 1);
        yield return Case("another unit", answer => answer[6] = 9);
        yield return Case("another function", answer => answer[7] = 4);
        yield return Case("a byte count that is too large", answer => answer[8] = 6);
        yield return Case("a byte count that is odd", answer => answer[8] = 3);
        yield return Case("a length of nothing", answer => answer[5] = 1);
        yield return Case("a length beyond the limit", answer => answer[4] = 2);
        yield return Case("another protocol altogether", answer => "HTTP/1.1 400"u8.CopyTo(answer));
    }

    [TestCaseSource(nameof(Malformed))]
    public async Task Read_Malformed_ThrownAndTheConnectionGivenUp(Action<byte[]> spoil)
    {
        using var device = new ScriptedDevice(request =>
        {
            var answer = ScriptedDevice.Answer(request, 1, 2);
            spoil(answer);
            return [answer];
        });
        using var client = await ConnectAsync(device, Long);

        Assert.That(async () => await client.ReadAsync(0, 2, CancellationToken.None), Throws.TypeOf<InvalidDataException>());
        Assert.That(async () => await client.ReadAsync(0, 2, CancellationToken.None), Throws.TypeOf<IOException>());
    }

    [Test]
    public async Task Read_FewerRegistersThanAsked_Thrown()
    {
        using var device = new ScriptedDevice(request => [ScriptedDevice.Answer(request, 1)]);
        using var client = await ConnectAsync(device, Long);

        Assert.That(async () => await client.ReadAsync(0, 2, CancellationToken.None), Throws.TypeOf<InvalidDataException>());
    }

    [Test]
    public async Task Read_CutInTheMiddle_Thrown()
    {
        var requests = 0;
        using var device = new ScriptedDevice(request => ++requests == 1 ? [ScriptedDevice.Answer(request, 1, 2)[..9]] : null);
        using var client = await ConnectAsync(device, Short);

        Assert.That(async () => await client.ReadAsync(0, 2, CancellationToken.None), Throws.TypeOf<TimeoutException>());
        Assert.That(async () => await client.ReadAsync(0, 2, CancellationToken.None), Throws.TypeOf<IOException>());
    }

    [Test]
    public async Task Read_DeviceHangsUp_Thrown()
    {
        using var device = new ScriptedDevice(_ => null);
        using var client = await ConnectAsync(device, Long);

        Assert.That(async () => await client.ReadAsync(0, 2, CancellationToken.None), Throws.InstanceOf<IOException>());
    }

    [Test]
    public async Task Read_LateAnswerToAnEarlierRequest_NeverTakenForTheNext()
    {
        using var device = new ScriptedDevice(_ => []);
        using var client = await ConnectAsync(device, Short);

        Assert.That(async () => await client.ReadAsync(0, 1, CancellationToken.None), Throws.TypeOf<TimeoutException>());
        Assert.That(async () => await client.ReadAsync(0, 1, CancellationToken.None), Throws.TypeOf<IOException>());
    }

    [Test]
    public async Task Read_TooMany_RefusedHere()
    {
        using var device = new ScriptedDevice(_ => []);
        using var client = await ConnectAsync(device, Long);

        Assert.That(async () => await client.ReadAsync(0, 126, CancellationToken.None), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(async () => await client.ReadAsync(0, 0, CancellationToken.None), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    private static Task<ModbusClient> ConnectAsync(ScriptedDevice device, TimeSpan timeout) =>
        ModbusClient.ConnectAsync("127.0.0.1", device.Port, unit: 1, timeout, CancellationToken.None);
}
