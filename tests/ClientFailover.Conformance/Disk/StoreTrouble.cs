using System.Diagnostics;
using ClientFailover.Conformance.Running;
using Grpc.Core;

namespace ClientFailover.Conformance.Disk;

/// <summary>The time in which the service cannot write.</summary>
internal static class StoreTrouble
{
    /// <summary>Repeats a change until the service can write again: it finds out by itself, within seconds.</summary>
    public static async Task UntilOverAsync(Func<Task> change)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await change();
                return;
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable && clock.Elapsed < RunningService.Patience)
            {
                // Not yet.
            }
        }
    }
}
