using System.Collections.Concurrent;
using System.Globalization;
using ClientFailover.Samples.Processes;

namespace ClientFailover.Samples.PlantPair;

/// <summary>Responsible for all programs but the adapters: started in order, and none left behind.</summary>
internal sealed class Plant : IAsyncDisposable
{
    private const string SourceEnd = " ends with ";

    private readonly ConcurrentDictionary<string, long> _lastTicks = new();
    private readonly StreamWriter _log;
    private ChildProcess? _source;

    private Plant(PlantOptions options, string directory)
    {
        Options = options;
        Directory = directory;
        _log = new StreamWriter(Path.Combine(directory, "programs.log")) { AutoFlush = true };
    }

    public PlantOptions Options { get; }

    public string Directory { get; }

    public FailoverService Service { get; private set; } = null!;

    public Receiver Receiver { get; private set; } = null!;

    public Broker Broker { get; private set; } = null!;

    public ModbusServer Device { get; private set; } = null!;

    public static async Task<Plant> StartAsync(PlantOptions options, string directory, Action<string> say, CancellationToken stop)
    {
        var plant = new Plant(options, directory);
        try
        {
            plant.Broker = await Broker.StartAsync(directory, 0, stop);
            say($"mosquitto listens on port {plant.Broker.Port}");
            plant.Device = await ModbusServer.StartAsync(0, stop);
            say($"the Modbus server listens on port {plant.Device.Port}");
            plant.Service = await FailoverService.StartAsync(Path.Combine(directory, "service"), options.FailoverTimeout, stop);
            say($"the failover service listens on {plant.Service.Endpoint}");
            plant.Receiver = await Receiver.StartAsync(Path.Combine(directory, "omf.db"), 0, stop);
            say($"the OMF receiver listens on {plant.Receiver.Address}");
            plant._source = new ChildProcess(
                OwnPrograms.Host,
                OwnPrograms.Start(
                    "samples/SignalSource",
                    ["--Signals", $"{options.Signals}", "--Mqtt", $"127.0.0.1:{plant.Broker.Port}", "--Modbus", $"127.0.0.1:{plant.Device.Port}"]),
                plant.HearSource);
            say($"{options.Signals} signals at 100 Hz are published over MQTT and kept in Modbus registers");
            return plant;
        }
        catch
        {
            await plant.DisposeAsync();
            throw;
        }
    }

    /// <summary>Keeps what a program said, for whoever wants to know more.</summary>
    public void Log(string program, string line)
    {
        lock (_log)
        {
            _log.WriteLine($"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {program}: {line}");
        }
    }

    /// <summary>Stops the signals.</summary>
    /// <returns>The last number that was handed on, by outlet: what must have arrived in the end.</returns>
    public async Task<IReadOnlyDictionary<string, long>> StopSourceAsync()
    {
        await _source!.StopAsync();
        return _lastTicks.Count == 2 ? _lastTicks : throw new ProgramException($"The source did not stop in order. Its last words:\n{_source.LastWords}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var program in (IAsyncDisposable?[])[_source, Receiver, Service, Device, Broker])
        {
            await (program?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

        await _log.DisposeAsync();
    }

    private void HearSource(string line)
    {
        Log("Source", line);
        if (line.IndexOf(SourceEnd, StringComparison.Ordinal) is > 0 and var at)
        {
            var name = line[..at].Split(' ')[^1];
            _lastTicks[name] = long.Parse(line[(at + SourceEnd.Length)..], CultureInfo.InvariantCulture);
        }
    }
}
