using ClientFailover.Samples.Modbus;
using ClientFailover.Samples.Modbus.Protocol;
using ClientFailover.Samples.Processes;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace ClientFailover.Samples.Tests.Sources;

/// <summary>The Modbus client and component against pymodbus.</summary>
[TestFixture]
internal sealed class ModbusComponentTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private ModbusServer _server = null!;
    private ModbusClient _device = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _server = await ModbusServer.StartAsync(0, CancellationToken.None);
        _device = await ModbusClient.ConnectAsync("127.0.0.1", _server.Port, unit: 1, Patience.Limit, CancellationToken.None);
    }

    [TearDown]
    public async Task StopAsync()
    {
        _device.Dispose();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task Client_MostRegisters_WrittenAndRead()
    {
        var registers = Enumerable.Range(1, 123).Select(i => (ushort)(i * 500)).ToArray();

        await _device.WriteAsync(60_000, registers, CancellationToken.None);

        Assert.That((await _device.ReadAsync(60_000, 125, CancellationToken.None))[..123], Is.EqualTo(registers));
    }

    [Test]
    public async Task Client_AddressBeyondTheLast_IllegalAddressAndTheConnectionGoesOn()
    {
        Assert.That(
            async () => await _device.ReadAsync(65_535, 2, CancellationToken.None),
            Throws.TypeOf<ModbusException>().With.Property(nameof(ModbusException.Code)).EqualTo(2));
        Assert.That(await _device.ReadAsync(65_535, 1, CancellationToken.None), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task Collect_TwoSignals_EveryValueInOrder()
    {
        await WriteAsync(1, 1);
        await using var collecting = new Collecting(Create());
        await collecting.StartAsync();
        await Patience.UntilAsync(() => collecting.Context.Published.Count == 2, "The newest values are published.");
        for (var sequence = 2u; sequence <= 400; sequence += 7)
        {
            var last = Math.Min(sequence + 6, 400);
            await WriteAsync(sequence, last);
            await Patience.UntilAsync(() => collecting.Context.Sequences("modbus.S0002").Last() == last, "They are published.");
        }

        Assert.That(collecting.Context.Streams, Is.EqualTo(new[] { "modbus.S0001", "modbus.S0002" }));
        Assert.That(collecting.Context.Sequences("modbus.S0001"), Is.EqualTo(Enumerable.Range(1, 400)));
        Assert.That(collecting.Context.Published.First(item => item.Measurement.Sequence == 400).Time, Is.EqualTo(TimeOf(400)));
        await Patience.UntilAsync(() => collecting.Context.LastProgress == TimeOf(400), "The source's clock is passed on.");
    }

    [Test]
    public async Task Collect_SourceStartsAfterTheAdapter_FirstValuesRead()
    {
        await _device.WriteAsync(0, RegisterMap.Write(new Header(TimeOf(0), [0, 0])), CancellationToken.None);
        var component = Create();
        await using var collecting = new Collecting(component);
        await collecting.StartAsync();
        await Patience.UntilAsync(() => collecting.Context.LastProgress == TimeOf(0), "The first poll is over.");

        await WriteAsync(1, 4);

        await Patience.UntilAsync(() => collecting.Context.LastProgress == TimeOf(4), "They are published.");
        Assert.That(collecting.Context.Sequences("modbus.S0001"), Is.EqualTo(Enumerable.Range(1, 4)));
        Assert.That(component.Missed, Is.Zero);
    }

    [Test]
    public async Task Collect_AwayForLessThanARing_NothingMissedAndCaughtUp()
    {
        await WriteAsync(1, 1);
        var component = Create();
        await using var collecting = new Collecting(component);
        await collecting.StartAsync();
        await Patience.UntilAsync(() => collecting.Context.Published.Count == 2, "The newest values are published.");
        await collecting.DisposeAsync();
        await WriteAsync(2, 120);

        await collecting.StartAsync();

        await Patience.UntilAsync(() => collecting.Context.CaughtUpCalls == 1, "It has caught up.");
        Assert.That(collecting.Context.Sequences("modbus.S0001"), Is.EqualTo(Enumerable.Range(1, 120)));
        Assert.That(component.Missed, Is.Zero);
    }

    [Test]
    public async Task Collect_AwayForLongerThanARing_MissesCountedAndNotCaughtUp()
    {
        await WriteAsync(1, 1);
        var component = Create();
        await using var collecting = new Collecting(component);
        await collecting.StartAsync();
        await Patience.UntilAsync(() => collecting.Context.Published.Count == 2, "The newest values are published.");
        await collecting.DisposeAsync();
        await WriteAsync(2, 120);
        await WriteAsync(121, 200);

        await collecting.StartAsync();

        await Patience.UntilAsync(() => collecting.Context.Sequences("modbus.S0002").Last() == 200, "It goes on.");
        Assert.That(component.Missed, Is.EqualTo(2 * 71), "2 to 72 of two signals: the ring holds 128");
        Assert.That(collecting.Context.CaughtUpCalls, Is.Zero);
    }

    [Test]
    public async Task Collect_RingWrittenOverBetweenTwoPolls_FailsBeforeAnythingLaterAndIsNotCaughtUp()
    {
        await WriteAsync(1, 1);
        var component = Create();
        await using var collecting = new Collecting(component);
        await collecting.StartAsync();
        await Patience.UntilAsync(() => collecting.Context.LastProgress == TimeOf(1), "The first poll is over.");

        await WriteAsync(73, 200);

        Assert.That(async () => await collecting.Ended.WaitAsync(Patience.Limit), Throws.InstanceOf<IOException>());
        Assert.That(collecting.Context.Published, Has.Count.EqualTo(2));
        Assert.That(collecting.Context.LastProgress, Is.EqualTo(TimeOf(1)));

        await collecting.ConnectAsync();

        await Patience.UntilAsync(() => collecting.Context.LastProgress == TimeOf(200), "It goes on.");
        Assert.That(collecting.Context.Sequences("modbus.S0001"), Is.EqualTo(Enumerable.Range(73, 128).Prepend(1)));
        Assert.That(component.Missed, Is.EqualTo(2 * 71));
        Assert.That(collecting.Context.CaughtUpCalls, Is.Zero);
    }

    [Test]
    public async Task Collect_DeviceCountsAnew_ReadsWhatTheRingHolds()
    {
        await WriteAsync(400_000_000, 400_000_000);
        var component = Create();
        await using var collecting = new Collecting(component);
        await collecting.StartAsync();
        await Patience.UntilAsync(() => collecting.Context.Published.Count == 2, "The newest values are published.");
        await collecting.DisposeAsync();
        await WriteAsync(299_999_873, 300_000_000);

        await collecting.StartAsync();

        await Patience.UntilAsync(() => collecting.Context.LastProgress == TimeOf(300_000_000), "It goes on.");
        Assert.That(collecting.Context.Sequences("modbus.S0002"), Is.EqualTo(Enumerable.Range(299_999_873, 128).Prepend(400_000_000)));
        Assert.That(component.Missed, Is.EqualTo(2 * 299_999_872));
    }

    [Test]
    public async Task Collect_ServerKilled_EndsWithAnError()
    {
        await WriteAsync(1, 1);
        await using var collecting = new Collecting(Create());
        await collecting.StartAsync();
        await Patience.UntilAsync(() => collecting.Context.Published.Count == 2, "The newest values are published.");

        await _server.KillAsync();

        Assert.That(async () => await collecting.Ended.WaitAsync(Patience.Limit), Throws.InstanceOf<IOException>().Or.TypeOf<TimeoutException>());
    }

    private static DateTimeOffset TimeOf(uint sequence) => Start.AddMilliseconds(10 * sequence);

    private ModbusComponent Create() => new(
        new ModbusOptions { Host = "127.0.0.1", Port = _server.Port, Signals = 2, PollInterval = TimeSpan.FromMilliseconds(10), Timeout = TimeSpan.FromSeconds(10) },
        TimeProvider.System,
        NullLogger<ModbusComponent>.Instance);

    private async Task WriteAsync(uint first, uint last)
    {
        for (var sequence = first; sequence <= last;)
        {
            var count = RegisterMap.Together(sequence, last);
            var registers = new ushort[count * RegisterMap.SlotLength];
            for (var i = 0u; i < count; i++)
            {
                RegisterMap.Write(new Slot(sequence + i, TimeOf(sequence + i), sequence + i), registers.AsSpan((int)i * RegisterMap.SlotLength));
            }

            await _device.WriteAsync(RegisterMap.SlotAddress(0, sequence), registers, CancellationToken.None);
            await _device.WriteAsync(RegisterMap.SlotAddress(1, sequence), registers, CancellationToken.None);
            sequence += (uint)count;
        }

        await _device.WriteAsync(0, RegisterMap.Write(new Header(TimeOf(last), [last, last])), CancellationToken.None);
    }
}
