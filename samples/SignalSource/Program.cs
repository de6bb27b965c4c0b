using System.Globalization;
using System.Runtime.InteropServices;
using ClientFailover.Samples.Source;
using Microsoft.Extensions.Configuration;

// A plant: N signals at 100 Hz. Needs a broker, a Modbus device, or both.
var options = new ConfigurationBuilder().AddCommandLine(args).Build().Get<SourceOptions>() ?? new SourceOptions();
if (options.Mqtt is null && options.Modbus is null)
{
    await Console.Error.WriteLineAsync("Say where to: --Mqtt host:port, --Modbus host:port, or both. Also: --Signals 4 --Rate 100.");
    return 2;
}

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

var now = TimeProvider.System.GetUtcNow();
var interval = TimeSpan.FromSeconds(1) / options.Rate;
var signal = new Signal(now, interval);
var outlets = new List<IOutlet>();
if (options.Mqtt?.Split(':') is [var broker, var brokerPort])
{
    outlets.Add(new MqttOutlet(broker, int.Parse(brokerPort, CultureInfo.InvariantCulture), options.Signals, signal));
}

if (options.Modbus?.Split(':') is [var device, var devicePort])
{
    outlets.Add(new ModbusOutlet(device, int.Parse(devicePort, CultureInfo.InvariantCulture), options.Signals, signal));
}

Console.WriteLine($"Signal source: {options.Signals} signals at {options.Rate} Hz from {now:O}");
var last = await Task.WhenAll(outlets.Select(outlet => Feeder.RunAsync(outlet, signal, interval, stop.Token)));
foreach (var (outlet, tick) in outlets.Zip(last))
{
    // Whoever counts what has arrived can tell what is missing at the end.
    Console.WriteLine($"Signal source: {outlet.Name} ends with {tick}");
}

return 0;

void Stop(PosixSignalContext signal)
{
    // What waits for the stop must not run on the thread of the signal.
    signal.Cancel = true;
    _ = stop.CancelAsync();
}
