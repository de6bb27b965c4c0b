using System.Runtime.InteropServices;
using ClientFailover.Samples.AdapterPair.Adapters;

namespace ClientFailover.Samples.AdapterPair.Demo;

/// <summary>The demo's own process: starts the others, and sees to it that none is left.</summary>
internal static class DemoProgram
{
    private const string Group = "AdapterPair";

    private const string Introduction = """

          Two adapters sample the CPU load of this machine 20 times a second. The Primary appends
          each sample to a file, the Secondary buffers. The demo kills the Primary: first the
          adapter on REST, then, when that one is back, the adapter on a stream.

        """;

    public static async Task<int> RunAsync(string[] arguments)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = StopOn(PosixSignal.SIGINT, stop);
        using var hangup = StopOn(PosixSignal.SIGHUP, stop);
        using var terminate = StopOn(PosixSignal.SIGTERM, stop);
        try
        {
            var options = DemoOptions.Parse(arguments);
            if (options.Help)
            {
                Console.WriteLine(DemoOptions.Usage);
                return 0;
            }

            return await RunAsync(options, new Terminal(), stop.Token);
        }
        catch (Exception exception) when (stop.IsCancellationRequested && exception is OperationCanceledException or DemoException)
        {
            await Console.Error.WriteLineAsync("Stopped; nothing was left behind.");
            return 130;
        }
        catch (FormatException exception)
        {
            await Console.Error.WriteLineAsync($"{exception.Message}\n\n{DemoOptions.Usage}");
            return 2;
        }
        catch (DemoException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }

    private static async Task<int> RunAsync(DemoOptions options, Terminal terminal, CancellationToken stop)
    {
        var directory = Directory.CreateTempSubdirectory("client-failover-").FullName;
        terminal.Write(Introduction);
        terminal.Line(Speaker.Demo, $"starts the service, with its data in {directory}");
        await using var service = await ServiceProcess.StartAsync(directory, options.FailoverTimeout, stop);
        terminal.Line(Speaker.Service, $"listens on {service.Address.GetLeftPart(UriPartial.Authority)}");

        var (userName, password) = await service.AdapterAccountAsync();
        var destination = Path.Combine(directory, "destination.csv");
        AdapterFacet Facet(Wire wire) => new()
        {
            FailoverGroupId = Group,
            FailoverTimeout = options.FailoverTimeout,
            Endpoint = service.Address,
            UserName = userName,
            Password = password,
            CertificateFile = service.CertificateFile,
            Wire = wire,
            SessionId = $"{Environment.MachineName}.{wire}Adapter",
            SessionName = $"{Environment.MachineName} {wire}Adapter",
            Destination = destination,
        };

        using var connection = new ServiceConnection(service.Address, service.CertificateFile, userName, password);
        await using var rest = new AdapterProcess(Facet(Wire.Rest), terminal);
        await using var stream = new AdapterProcess(Facet(Wire.Stream), terminal);
        var tail = new DestinationTail(destination);
        var watch = new GroupWatch(
            connection.Channel, Group, session => session == rest.SessionId ? rest.Name : stream.Name, terminal);

        var takeovers = await WhileAsync(
            token => new PairDemo(rest, stream, watch, tail, options, terminal).RunAsync(token),
            [watch.RunAsync, tail.RunAsync, _ => service.EndedAsync()],
            new StatusLine(watch, tail, terminal).RunAsync,
            stop);
        var lost = takeovers.Sum(takeover => takeover.Lost);
        terminal.Write(Report.Of(takeovers));
        terminal.Write(lost == 0
            ? terminal.Paint("  No sample was lost.", Speaker.Green)
            : terminal.Paint($"  {lost} samples were lost.", Speaker.Red));
        return lost == 0 ? 0 : 1;
    }

    /// <summary>Runs the course of the demo, for as long as all that it relies on runs too.</summary>
    private static async Task<T> WhileAsync<T>(
        Func<CancellationToken, Task<T>> course,
        IEnumerable<Func<CancellationToken, Task>> foundations,
        Func<CancellationToken, Task> display,
        CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task<T> main = course(end.Token);
        Task[] others = [.. foundations.Select(start => start(end.Token))];
        var shown = display(end.Token);
        var first = await Task.WhenAny([main, .. others]);
        await end.CancelAsync();
        await shown.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
        return await main;
    }

    private static PosixSignalRegistration StopOn(PosixSignal signal, CancellationTokenSource stop) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });
}
