using System.Runtime.InteropServices;
using System.Text.Json;
using ClientFailover.Continuity.Adapters.Field;

namespace ClientFailover.Continuity.Adapters;

/// <summary>Responsible for the process of an adapter: its settings are the first line of its input, SIGTERM stops it in order.</summary>
internal static class AdapterProgram
{
    /// <summary>The word on the command line that makes this program an adapter.</summary>
    public const string Command = "adapter";

    /// <summary>Runs until it is stopped.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync()
    {
        if (JsonSerializer.Deserialize<AdapterSettings>(Console.In.ReadLine() ?? "null") is not { } settings)
        {
            await Console.Error.WriteLineAsync("This is a part of the bench: run it without arguments to see what it can do.");
            return 2;
        }

        using var stop = new CancellationTokenSource();
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });

        if (settings.Kind == AdapterKind.Field)
        {
            using var adapter = new FieldAdapter(settings);
            await adapter.RunAsync(stop.Token);
        }
        else
        {
            await ContinuityAdapter.RunAsync(settings, stop.Token);
        }

        return 0;
    }
}
