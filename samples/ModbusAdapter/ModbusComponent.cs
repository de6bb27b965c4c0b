using System.Globalization;
using ClientFailover.Client;
using ClientFailover.Samples.Modbus.Protocol;
using ClientFailover.Samples.Omf;
using Microsoft.Extensions.Logging;

namespace ClientFailover.Samples.Modbus;

/// <summary>
/// Responsible for collecting each value of a device's signals: polls the header, then reads from the rings what is new. A
/// poller that was away for less than a ring is long misses nothing. One that missed something fails, which tells its adapter.
/// </summary>
public sealed partial class ModbusComponent(ModbusOptions options, TimeProvider time, ILogger<ModbusComponent> logger) : IAdapterComponent
{
    private readonly string[] _streams =
        [.. Enumerable.Range(1, options.Signals).Select(i => options.StreamPrefix + i.ToString("D4", CultureInfo.InvariantCulture))];

    // Numbers that were published; null: nothing yet. Kept over a loss of the connection: it is what tells whether anything was missed.
    private readonly uint?[] _last = new uint?[options.Signals];

    private IComponentContext? _context;
    private ModbusClient? _client;

    // In the first poll after a loss: what is found missing then is part of that loss.
    private bool _resumes;

    // Kept until a first poll is complete: one that fails in the midst is begun again.
    private bool _hasMissed;

    /// <inheritdoc/>
    public string Name => $"Modbus {options.Host}:{options.Port}";

    /// <summary>Values that were written over before they were read, since the process started.</summary>
    public long Missed { get; private set; }

    /// <inheritdoc/>
    public Task StartAsync(IComponentContext context, CancellationToken cancellation)
    {
        _context = context;
        context.SelectStreams(_streams);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task ConnectAsync(CancellationToken cancellation) =>
        _client = await ModbusClient.ConnectAsync(options.Host, options.Port, options.Unit, options.Timeout, cancellation);

    /// <inheritdoc/>
    public async Task CollectAsync(CancellationToken cancellation)
    {
        var continues = _last.All(last => last is not null);
        _resumes = true;
        using var timer = new PeriodicTimer(options.PollInterval, time);
        do
        {
            await PollAsync(cancellation);
            if (_resumes)
            {
                if (continues && !_hasMissed)
                {
                    // The rings held all that came while the device could not be reached.
                    _context!.CaughtUp();
                }

                _hasMissed = _resumes = false;
            }
        }
        while (await timer.WaitForNextTickAsync(cancellation));
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellation)
    {
        _client?.Dispose();
        _client = null;
        return Task.CompletedTask;
    }

    private async Task PollAsync(CancellationToken cancellation)
    {
        var header = RegisterMap.ReadHeader(await _client!.ReadAsync(0, RegisterMap.HeaderLength(options.Signals), cancellation));
        for (var signal = 0; signal < options.Signals; signal++)
        {
            await ReadNewAsync(signal, header.Newest[signal], cancellation);
        }

        // The device answered, and says itself up to when its rings are complete.
        if (header.Clock > DateTimeOffset.UnixEpoch)
        {
            _context!.Progress(header.Clock);
        }
    }

    private async Task ReadNewAsync(int signal, uint newest, CancellationToken cancellation)
    {
        var first = FirstToRead(signal, newest);
        while (first <= newest && newest > 0)
        {
            var count = RegisterMap.Together(first, newest);
            var registers = await _client!.ReadAsync(RegisterMap.SlotAddress(signal, first), count * RegisterMap.SlotLength, cancellation);
            for (var i = 0; i < count; i++)
            {
                Publish(signal, first++, RegisterMap.ReadSlot(registers.AsSpan(i * RegisterMap.SlotLength)));
            }
        }
    }

    private uint FirstToRead(int signal, uint newest)
    {
        if (_last[signal] is not { } last)
        {
            // A device that is empty counts from 1: all that it will have is new.
            _last[signal] = newest == 0 ? 0 : null;
            return newest;
        }

        var first = last + 1;
        if (newest < last)
        {
            LogRestart(_streams[signal], last, newest);
            first = 1;
        }

        var oldest = newest > RegisterMap.Slots ? newest - RegisterMap.Slots + 1 : 1;
        if (first < oldest)
        {
            Miss(signal, oldest - first);
            return oldest;
        }

        return first;
    }

    private void Publish(int signal, uint expected, Slot slot)
    {
        if (slot.Sequence != expected)
        {
            // The source was around the ring before it was read.
            Miss(signal, 1);
            _last[signal] = expected;
            return;
        }

        _last[signal] = expected;
        _context!.Publish(_streams[signal], slot.Time, new Measurement(slot.Value, slot.Sequence).ToPayload());
    }

    /// <summary>Tells the adapter: by an error, before anything later is published, so that what others hold back begins where the gap does.</summary>
    private void Miss(int signal, uint count)
    {
        if (!_resumes)
        {
            throw new IOException($"{_streams[signal]}: values were written over before they were read. The poll interval is too long, or the device too slow.");
        }

        _hasMissed = true;
        Missed += count;
        LogMissed(_streams[signal], count, Missed);
    }

    [LoggerMessage(1, LogLevel.Warning, "{Stream}: {Count} values were written over before they were read, {Total} in all")]
    private partial void LogMissed(string stream, uint count, long total);

    [LoggerMessage(2, LogLevel.Warning, "{Stream}: the source counts anew, from {Last} to {Newest}")]
    private partial void LogRestart(string stream, uint last, uint newest);
}
