using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Identity.Commands;
using ClientFailover.Service.Maintenance.Backup;
using ClientFailover.Service.Maintenance.Checks;
using ClientFailover.Service.Maintenance.Restore;

namespace ClientFailover.Service.Maintenance;

/// <summary>Responsible for the commands of who runs the service: what they are given, and what their failures come to.</summary>
internal static class MaintenanceCommand
{
    /// <summary>Each with what it does.</summary>
    public static IReadOnlyList<(string Name, string Meaning)> All { get; } =
    [
        (BackupCommand.Name, BackupCommand.Meaning + " (backup --help)"),
        (RestoreCommand.Name, RestoreCommand.Meaning + " (restore --help)"),
        (CheckCommand.Name, CheckCommand.Meaning + " (check --help)"),
        (VersionCommand.Name, VersionCommand.Meaning),
    ];

    /// <summary>Runs one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="arguments">What follows it.</param>
    /// <param name="directory">Where the settings file is.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static int Run(string name, IReadOnlyList<string> arguments, string directory)
    {
        var (own, settings) = Split(arguments);
        var command = name switch
        {
            BackupCommand.Name => BackupCommand.Create(() => ReadSettings(settings, directory)),
            RestoreCommand.Name => RestoreCommand.Create(() => ReadSettings(settings, directory)),
            CheckCommand.Name => CheckCommand.Create(() => SettingsReader.Read(settings, directory)),
            _ => VersionCommand.Create(),
        };
        command.Add(new HelpOption());

        // With its name: a first argument whose file name is the command's own would be taken for that.
        var parsed = command.Parse([name, .. own], new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction)
        {
            return Fail(ExitCodes.InvalidSettings, string.Join('\n', [.. parsed.Errors.Select(e => e.Message), $"{name} --help tells more."]));
        }

        try
        {
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (MaintenanceException e)
        {
            return Fail(e.ExitCode, e.Message);
        }
        catch (StartupException e)
        {
            return Fail(e.ExitCode, e.Message);
        }
        catch (SecretInputException e)
        {
            return Fail(ExitCodes.InvalidSettings, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Fail(ExitCodes.DataDirectoryNotUsable, e.Message);
        }
    }

    /// <summary>The file that a command makes or reads.</summary>
    /// <param name="description">What it is.</param>
    /// <returns>The argument.</returns>
    public static Argument<string> FileArgument(string description)
    {
        var file = new Argument<string>("FILE") { Description = description };
        file.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var name }, ..] && name.StartsWith('-'))
            {
                result.AddError($"{name} is neither an option of this command nor a setting of the service.");
            }
        });
        return file;
    }

    /// <summary>Tells settings of the service, which any of these commands may be given, from what is the command's own.</summary>
    private static (List<string> Own, List<string> Settings) Split(IReadOnlyList<string> arguments)
    {
        var (own, settings) = (new List<string>(), new List<string>());
        for (var i = 0; i < arguments.Count; i++)
        {
            if (!CommandLine.IsSetting(arguments[i], out var hasValue))
            {
                own.Add(arguments[i]);
                continue;
            }

            settings.Add(arguments[i]);
            if (!hasValue && i + 1 < arguments.Count)
            {
                settings.Add(arguments[++i]);
            }
        }

        return (own, settings);
    }

    private static ServiceOptions ReadSettings(IReadOnlyList<string> arguments, string directory)
    {
        var settings = SettingsReader.Read(arguments, directory);
        return settings.Mistakes.Count == 0
            ? settings.Options with { DataDirectory = Path.GetFullPath(settings.Options.DataDirectory) }
            : throw new StartupException(ExitCodes.InvalidSettings, string.Join('\n', settings.Mistakes));
    }

    private static int Fail(int exitCode, string message)
    {
        Console.Error.WriteLine(message);
        return exitCode;
    }
}
