using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using ClientFailover.Samples.Processes;

namespace ClientFailover.Samples.PlantPair;

/// <summary>The demo's own process: starts the others, sees to it that none is left, and reports.</summary>
internal static class PlantProgram
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is ["--help" or "-h"])
        {
            Console.WriteLine(PlantOptions.Usage);
            return 0;
        }

        using var stop = new CancellationTokenSource();
        using var interrupt = StopOn(PosixSignal.SIGINT, stop);
        using var hangup = StopOn(PosixSignal.SIGHUP, stop);
        using var terminate = StopOn(PosixSignal.SIGTERM, stop);
        try
        {
            return await RunAsync(PlantOptions.Parse(arguments), stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Stopped.");
            return 130;
        }
        catch (FormatException exception)
        {
            await Console.Error.WriteLineAsync($"{exception.Message}\n\n{PlantOptions.Usage}");
            return 2;
        }
        catch (MissingProgramException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 2;
        }
        catch (ProgramException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }

    private static async Task<int> RunAsync(PlantOptions options, CancellationToken stop)
    {
        if (!Broker.IsInstalled || !ModbusServer.IsInstalled)
        {
            throw new MissingProgramException(
                "mosquitto or pymodbus is missing. Debian: apt-get install mosquitto python3-pymodbus python3-serial-asyncio");
        }

        var started = Stopwatch.StartNew();
        void Say(string text) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{started.Elapsed.TotalSeconds,6:F1} s  {text}"));

        var directory = Directory.CreateTempSubdirectory("client-failover-plant-").FullName;
        Say($"all data, and what the programs say (programs.log), is in {directory}");
        IReadOnlyList<PairReport> reports;
        await using (var plant = await Plant.StartAsync(options, directory, Say, stop))
        {
            await using var mqtt = new Pair("Mqtt", plant);
            await using var modbus = new Pair("Modbus", plant);
            using var destination = new Destination(plant.Receiver.Address);
            reports = await new Course(plant, destination, Say).RunAsync([mqtt, modbus], stop);
        }

        Console.WriteLine(Table(reports));
        var lost = reports.Sum(report => report.Lost);
        Console.WriteLine(lost == 0 ? "  No value was lost." : $"  {lost} values were lost; see programs.log in {directory}.");
        if (lost == 0)
        {
            Directory.Delete(directory, recursive: true);
        }

        return lost == 0 ? 0 : 1;
    }

    private static string Table(IEnumerable<PairReport> reports)
    {
        var rows = reports.Select(report => string.Create(
            CultureInfo.InvariantCulture,
            $"  {report.Killed,-9}  {report.Successor,-9}  {report.Takeover.TotalSeconds,6:F2} s  {report.Values,7}  {report.Lost,5}  {report.Duplicates,10}"));
        return $"""

              killed     took over  takeover   values   lost  duplicated
              ---------  ---------  --------  -------  -----  ----------
            {string.Join('\n', rows)}

              takeover: from the kill to the other's first message at the receiver.
              duplicated: both sent it, as the other cannot know the last ones of the dead; stored once.

            """;
    }

    private static PosixSignalRegistration StopOn(PosixSignal signal, CancellationTokenSource stop) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });
}
