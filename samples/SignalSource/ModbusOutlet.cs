using ClientFailover.Samples.Modbus;
using ClientFailover.Samples.Modbus.Protocol;

namespace ClientFailover.Samples.Source;

/// <summary>Responsible for the rings of a device, as <see cref="RegisterMap"/> describes them.</summary>
internal sealed class ModbusOutlet(string host, int port, int signals, Signal signal) : IOutlet
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);
    private ModbusClient? _client;

    public string Name => "Modbus";

    public async Task ConnectAsync(CancellationToken cancellation)
    {
        _client?.Dispose();
        _client = await ModbusClient.ConnectAsync(host, port, unit: 1, Timeout, cancellation);
    }

    public async Task SendAsync(uint first, uint last, CancellationToken cancellation)
    {
        for (var tick = first; tick <= last;)
        {
            // No pair of a slot and the header may be further apart than a reader can follow.
            var count = RegisterMap.Together(tick, last);
            for (var index = 0; index < signals; index++)
            {
                await _client!.WriteAsync(RegisterMap.SlotAddress(index, tick), Slots(index, tick, count), cancellation);
            }

            tick += (uint)count;
            var header = new Header(signal.TimeOf(tick - 1), [.. Enumerable.Repeat(tick - 1, signals)]);
            await _client!.WriteAsync(0, RegisterMap.Write(header), cancellation);
        }
    }

    public ValueTask DisposeAsync()
    {
        _client?.Dispose();
        return ValueTask.CompletedTask;
    }

    private ushort[] Slots(int index, uint first, int count)
    {
        var registers = new ushort[count * RegisterMap.SlotLength];
        for (var i = 0; i < count; i++)
        {
            var tick = first + (uint)i;
            RegisterMap.Write(new Slot(tick, signal.TimeOf(tick), signal.ValueOf(index, tick)), registers.AsSpan(i * RegisterMap.SlotLength));
        }

        return registers;
    }
}
