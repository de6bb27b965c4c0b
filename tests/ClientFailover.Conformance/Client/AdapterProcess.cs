using System.Diagnostics;
using System.Text.Json;
using ClientFailover.Client;
using ClientFailover.Conformance.Running;
using NUnit.Framework;

namespace ClientFailover.Conformance.Client;

/// <summary>An adapter on the client library that is a process of its own, and says what it is told of its role. It is killed.</summary>
internal sealed class AdapterProcess : IDisposable
{
    public const string Command = "adapter";

    private readonly Process _process;

    /// <summary>Starts it.</summary>
    /// <param name="options">Its configuration, on its input: it has secrets.</param>
    public AdapterProcess(FailoverOptions options)
    {
        var host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        _process = Process.Start(
            new ProcessStartInfo(host, ["exec", typeof(AdapterProcess).Assembly.Location, Command]) { RedirectStandardOutput = true, RedirectStandardInput = true })!;
        _process.StandardInput.WriteLine(JsonSerializer.Serialize(options));
        _process.StandardInput.Flush();
    }

    /// <summary>In the process: takes part until it is killed.</summary>
    public static async Task RunAsync()
    {
        var options = JsonSerializer.Deserialize<FailoverOptions>(Console.In.ReadLine()!)!;
        await using var client = new FailoverClient(options, new Member());
        client.Start();

        // Standard input ends with the test: a child that is left alone does not stay. On a thread of its own, because the
        // console reads synchronously whatever is asked.
        var alone = Task.Run(Console.In.ReadToEnd);
        await Task.WhenAny(alone, TellAsync(client));
    }

    /// <summary>Waits until it has a role.</summary>
    /// <returns>The term in which it has.</returns>
    public async Task<long> UntilAsync(FailoverRole role)
    {
        using var patience = new CancellationTokenSource(RunningService.Patience);
        while (await _process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            var told = JsonSerializer.Deserialize<RoleState>(line)!;
            if (told.Role == role && told.Term is { } term)
            {
                return term;
            }
        }

        throw new AssertionException("The adapter has ended.");
    }

    /// <summary>Ends the process as a crash would: it cannot do anything about it.</summary>
    public void Kill() => _process.Kill();

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static async Task TellAsync(FailoverClient client)
    {
        await foreach (var state in client.RoleChangesAsync())
        {
            Console.WriteLine(JsonSerializer.Serialize(state));
        }
    }
}
