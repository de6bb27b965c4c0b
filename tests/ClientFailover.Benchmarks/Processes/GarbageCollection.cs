using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;

namespace ClientFailover.Benchmarks.Processes;

/// <summary>Makes another process collect its garbage, so that what it holds is what it needs.</summary>
internal static class GarbageCollection
{
    private const string RuntimeProvider = "Microsoft-Windows-DotNETRuntime";
    private const long CollectKeyword = 0x800000;

    /// <summary>Induces a full collection and waits for it.</summary>
    /// <param name="process">The process.</param>
    /// <returns>A task that ends after the collection.</returns>
    public static async Task InduceAsync(ChildProcess process)
    {
        var client = new DiagnosticsClient(process.Id);
        using var session = client.StartEventPipeSession(
            new EventPipeProvider(RuntimeProvider, EventLevel.Informational, CollectKeyword),
            requestRundown: false);
        var drained = session.EventStream.CopyToAsync(Stream.Null);
        await session.StopAsync(CancellationToken.None);
        await drained;
    }
}
