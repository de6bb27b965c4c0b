using System.Diagnostics;

namespace ClientFailover.Conformance.Running;

/// <summary>What a command of the executable came to.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">What it wrote to standard output.</param>
/// <param name="Error">What it wrote to standard error.</param>
internal sealed record ServiceCommand(int ExitCode, string Output, string Error)
{
    /// <summary>Gives a command and waits for its end.</summary>
    /// <param name="input">Its standard input.</param>
    /// <param name="arguments">The command line.</param>
    /// <returns>What it came to.</returns>
    public static async Task<ServiceCommand> RunAsync(string input, params string[] arguments)
    {
        using var process = ServiceExecutable.Start(arguments, readsInput: true);
        return await EndAsync(process, input);
    }

    /// <summary>Feeds a process and waits for its end.</summary>
    /// <param name="process">It, with everything redirected.</param>
    /// <param name="input">Its standard input.</param>
    /// <returns>What it came to.</returns>
    public static async Task<ServiceCommand> EndAsync(Process process, string input)
    {
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading.
        }

        try
        {
            await process.WaitForExitAsync().WaitAsync(RunningService.Patience);
            return new ServiceCommand(process.ExitCode, await output, await error);
        }
        finally
        {
            process.Kill();
        }
    }
}
