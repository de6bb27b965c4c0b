namespace ClientFailover.Service.Hosting;

/// <summary>
/// Responsible for the command <c>health</c>: asks the service on this machine, as its settings say where it listens, whether it
/// answers. For containers and scripts, which need a program that tells by its exit code.
/// </summary>
internal static class HealthCommand
{
    /// <summary>The command.</summary>
    public const string Name = "health";

    /// <summary>Runs the command.</summary>
    /// <param name="arguments">What follows it on the command line: settings of the service.</param>
    /// <param name="directory">Where the settings file is looked for.</param>
    /// <param name="output">Takes what there is to tell.</param>
    /// <param name="error">Takes what is wrong.</param>
    /// <returns>One of <see cref="ExitCodes"/>: <see cref="ExitCodes.Failure"/> if the service does not answer.</returns>
    public static int Run(IReadOnlyList<string> arguments, string directory, TextWriter output, TextWriter error)
    {
        var settings = SettingsReader.Read(arguments, directory);
        var mistakes = settings.Mistakes.ToList();
        if (settings.Options.Port == 0)
        {
            mistakes.Add("Port is 0; which one the service was given cannot be known. Name it: --Port 5590.");
        }

        foreach (var mistake in mistakes)
        {
            error.WriteLine(mistake);
        }

        return mistakes.Count == 0 ? Ask(settings.Options, output, error) : ExitCodes.InvalidSettings;
    }

    private static int Ask(ServiceOptions options, TextWriter output, TextWriter error)
    {
        var probe = LocalProbe.AddressOf(options);
        if (LocalProbe.Ask(probe) is { } problem)
        {
            error.WriteLine($"The service does not answer at {probe}: {problem}");
            return ExitCodes.Failure;
        }

        output.WriteLine($"The service answers at {probe.GetLeftPart(UriPartial.Authority)}.");
        return ExitCodes.Success;
    }
}
