using System.Text.Json;
using ClientFailover.Samples.AdapterPair.Signal;

namespace ClientFailover.Samples.AdapterPair.Adapters;

/// <summary>
/// The adapter's process. Its configuration, which holds a password, is the first line of its standard input; the
/// end of the input stops it. What it says on standard output is for people.
/// </summary>
internal static class AdapterProgram
{
    public static async Task<int> RunAsync()
    {
        var facet = JsonSerializer.Deserialize<AdapterFacet>(Console.In.ReadLine() ?? "null");
        if (facet is null)
        {
            await Console.Error.WriteLineAsync("This is a part of the demo: run it without arguments.");
            return 2;
        }

        using var lifeline = Lifeline.Hold();
        using var connection = new ServiceConnection(facet.Endpoint, facet.CertificateFile, facet.UserName, facet.Password);
        using var destination = new Destination(facet.Destination, facet.Wire.ToString());
        var buffer = new HotBuffer(destination, Console.WriteLine);
        IAdapter adapter = facet.Wire == Wire.Rest
            ? new RestAdapter(facet, buffer, connection.Http, Console.WriteLine)
            : new StreamAdapter(facet, buffer, connection.Channel, Console.WriteLine);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(lifeline.Ended);
        var sampling = new CpuSampler(TimeProvider.System).RunAsync(buffer.Collect, stop.Token);
        var failover = adapter.RunAsync(stop.Token);

        // Neither ends but by an order or an error, and neither is of use without the other.
        var first = await Task.WhenAny(sampling, failover);
        await stop.CancelAsync();
        await Task.WhenAll(sampling, failover).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!lifeline.Ended.IsCancellationRequested)
        {
            await first;
        }

        return 0;
    }
}
