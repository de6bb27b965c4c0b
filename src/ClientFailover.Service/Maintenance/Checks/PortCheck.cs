using ClientFailover.Service.Hosting;

namespace ClientFailover.Service.Maintenance.Checks;

/// <summary>Responsible for finding out whether the service answers, or could.</summary>
internal static class PortCheck
{
    private const string Name = "service";
    private const string PortName = "port";

    /// <summary>Checks it.</summary>
    /// <param name="options">The settings.</param>
    /// <returns>What was found.</returns>
    public static IEnumerable<CheckResult> Run(ServiceOptions options)
    {
        if (!IsRunning(options.DataDirectory))
        {
            yield return CheckResult.Ok(Name, "It does not run with this data directory.");
            yield return Bind(options);
            yield break;
        }

        if (options.Port == 0)
        {
            yield return CheckResult.Ok(Name, "It runs, on a port that only its log tells.");
            yield break;
        }

        var probe = LocalProbe.AddressOf(options);
        yield return LocalProbe.Ask(probe) is { } problem
            ? CheckResult.Error(Name, $"It runs with this data directory, but {probe} does not answer: {problem.TrimEnd('.')}.", "Give this command the settings of the service (--Port, --Address); else look into its log and restart it.")
            : CheckResult.Ok(Name, $"It runs, and answers at {probe.GetLeftPart(UriPartial.Authority)}.");
    }

    private static bool IsRunning(string directory)
    {
        var path = Path.Combine(directory, DataDirectory.LockName);
        if (!File.Exists(path))
        {
            return false;
        }

        using var taken = FileLock.TryTake(path);
        return taken is null;
    }

    private static CheckResult Bind(ServiceOptions options)
    {
        try
        {
            Ports.EnsureFree(options);
            return CheckResult.Ok(PortName, options.Port == 0 ? "Any free one is taken." : $"{options.Address}:{options.Port} can be listened on.");
        }
        catch (StartupException e)
        {
            return CheckResult.Error(PortName, e.Message, "See which program uses it: ss -ltnp, on Windows netstat -abn.");
        }
    }
}
