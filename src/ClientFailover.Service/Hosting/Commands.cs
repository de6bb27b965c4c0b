using ClientFailover.Service.Identity.Commands;
using ClientFailover.Service.Maintenance;
using ClientFailover.Service.Tenants;

namespace ClientFailover.Service.Hosting;

/// <summary>
/// Responsible for what the executable is told to do by its first argument. <c>run</c> is the service itself, and so is
/// no command at all: units and scripts that name settings only go on working.
/// </summary>
internal static class Commands
{
    private const string Run = "run";
    private const string Help = "help";

    /// <summary>What each does, for people.</summary>
    public static IReadOnlyList<(string Name, string Meaning)> All { get; } =
    [
        (Run, "runs the service; also what is done without a command"),
        ("users", "adds, removes, changes and lists accounts (users --help)"),
        (HealthCommand.Name, "asks the service on this machine whether it answers; takes the same settings"),
        (TenantsCommand.Name, "adds, removes and lists tenants and namespaces (tenants --help)"),
        .. MaintenanceCommand.All,
        (Help, "prints this, or with the name of a command how that is used"),
    ];

    /// <summary>Does what is told, unless it is to run the service.</summary>
    /// <param name="arguments">The command line; <c>run</c> is taken from it.</param>
    /// <param name="exitCode">One of <see cref="ExitCodes"/>, if it was something else.</param>
    /// <returns>Whether it was.</returns>
    public static bool TryExecute(ref string[] arguments, out int exitCode)
    {
        try
        {
            return TryExecuteAny(ref arguments, out exitCode);
        }
        catch (Exception e)
        {
            // Not left to the runtime, which would end the process with a signal and a memory dump where those are enabled.
            Console.Error.WriteLine(e);
            exitCode = ExitCodes.Failure;
            return true;
        }
    }

    private static bool TryExecuteAny(ref string[] arguments, out int exitCode)
    {
        exitCode = ExitCodes.Success;
        if (arguments is [Help, not Run, ..])
        {
            arguments = [arguments[1], "--help"];
        }

        switch (arguments)
        {
            case ["--help"] or ["-h"] or [Help] or [Help, Run] or [Run, "--help"] or [Run, "-h"]:
                Console.Out.WriteLine(HelpText.Create());
                return true;
            case ["--version"]:
                Console.Out.WriteLine(HelpText.Version);
                return true;
            case ["users", .. var rest]:
                exitCode = UsersCommand.Run(rest);
                return true;
            case [HealthCommand.Name, .. var rest]:
                exitCode = HealthCommand.Run(rest, AppContext.BaseDirectory, Console.Out, Console.Error);
                return true;
            case [TenantsCommand.Name, .. var rest]:
                exitCode = TenantsCommand.Run(rest, AppContext.BaseDirectory, Console.Out, Console.Error);
                return true;
            case [var name, .. var rest] when MaintenanceCommand.All.Any(c => c.Name == name):
                exitCode = MaintenanceCommand.Run(name, rest, AppContext.BaseDirectory);
                return true;
            case [Run, .. var rest]:
                arguments = rest;
                return false;
            case [var unknown, ..] when !unknown.StartsWith('-'):
                Console.Error.WriteLine($"'{unknown}' is no command. Commands: {string.Join(", ", All.Select(c => c.Name))}. --help tells more.");
                exitCode = ExitCodes.InvalidSettings;
                return true;
            default:
                return false;
        }
    }
}
