using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Text.Json;
using ClientFailover.Service.Audit;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Maintenance.Restore;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace ClientFailover.Service.Identity.Commands;

/// <summary>
/// Responsible for the command <c>users</c>: adds, removes, changes and lists the built-in accounts, whether or not the
/// service runs. A running one takes a change within seconds.
/// </summary>
internal static class UsersCommand
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true };

    private static readonly Option<string?> DataDirectoryOption = new("--DataDirectory")
    {
        Description = "The service's data directory; without it, the one that the service would use.",
        HelpName = "path",
        Recursive = true,
    };

    /// <summary>Runs the command.</summary>
    /// <param name="arguments">What follows <c>users</c> on the command line.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static int Run(IReadOnlyList<string> arguments)
    {
        // Names may begin with '@', which would otherwise have a file read.
        var parsed = Create().Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction)
        {
            return Fail(ExitCodes.InvalidSettings, string.Join('\n', [.. parsed.Errors.Select(e => e.Message), "users --help tells more."]));
        }

        try
        {
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (StartupException e)
        {
            return Fail(e.ExitCode, e.Message);
        }
        catch (SecretInputException e)
        {
            return Fail(ExitCodes.InvalidSettings, e.Message);
        }
        catch (InvalidDataException e)
        {
            return Fail(ExitCodes.DataNotReadable, $"{e.Message} Nothing was changed.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Fail(ExitCodes.DataDirectoryNotUsable, $"{e.Message} Nothing was changed.");
        }
    }

    private static Command Create()
    {
        var name = new Argument<string>("name") { Description = "Name of the account." };
        var roleOption = new Option<string>("--role") { Description = "Its role.", Required = true };
        roleOption.AcceptOnlyFromAmong([.. Roles.All]);
        var roleArgument = new Argument<string>("role") { Description = "Its new role." };
        roleArgument.AcceptOnlyFromAmong([.. Roles.All]);
        var json = new Option<bool>("--json") { Description = "Prints JSON." };

        var add = new Command("add", "Adds an account. Its password is asked for, or read from standard input.") { name, roleOption };
        add.SetAction(p => Change(p, "users.add", p.GetRequiredValue(name), p.GetRequiredValue(roleOption), asksPassword: true, "was added"));
        var remove = new Command("remove", "Removes an account. Whoever uses it is cut off.") { name };
        remove.SetAction(p => Change(p, "users.remove", p.GetRequiredValue(name), role: null, asksPassword: false, "was removed"));
        var password = new Command("password", "Gives an account another password, which is asked for, or read from standard input.") { name };
        password.SetAction(p => Change(p, "users.password", p.GetRequiredValue(name), role: null, asksPassword: true, "has the new password"));
        var role = new Command("role", "Gives an account another role.") { name, roleArgument };
        role.SetAction(p => Change(p, "users.role", p.GetRequiredValue(name), p.GetRequiredValue(roleArgument), asksPassword: false, "has the new role"));
        var list = new Command("list", "Lists the accounts.") { json };
        list.SetAction(p => List(p, p.GetValue(json)));

        return new Command("users", "The accounts of the service.") { add, remove, password, role, list, DataDirectoryOption, new HelpOption() };
    }

    private static int Change(ParseResult parsed, string action, string name, string? role, bool asksPassword, string done)
    {
        var options = ReadSettings(parsed);
        var password = asksPassword ? SecretInput.Read(name) : string.Empty;
        var who = CommandUser.Name;
        DataOwner.Become(options.DataDirectory);

        var changes = new UserChanges(options.DataDirectory, new PasswordHasher<UserAccount>(Options.Create(new PasswordHasherOptions())));
        var refusal = action switch
        {
            "users.add" => changes.Add(name, role!, password),
            "users.remove" => changes.Remove(name),
            "users.password" => changes.SetPassword(name, password),
            _ => changes.SetRole(name, role!),
        };
        CommandAudit.Record(options, new AuditEntry(action, name, refusal?.Code ?? AuditEntry.Done, who, From: null, role, Scheme: AuditEntry.CommandLine));
        if (refusal is not null)
        {
            return Fail(ExitCodes.Refused, $"{refusal.Message} Nothing was changed.");
        }

        Console.Out.WriteLine($"Account '{name}' {done}.");
        return ExitCodes.Success;
    }

    private static int List(ParseResult parsed, bool asJson)
    {
        var options = ReadSettings(parsed);
        DataOwner.Become(options.DataDirectory);
        var accounts = new UserChanges(options.DataDirectory, new PasswordHasher<UserAccount>()).List();
        if (asJson)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(accounts.Select(a => new { a.Name, a.Role }), Format));
            return ExitCodes.Success;
        }

        var width = accounts.Select(a => a.Name.Length).DefaultIfEmpty().Max();
        foreach (var account in accounts)
        {
            Console.Out.WriteLine($"{account.Name.PadRight(width)}  {account.Role}");
        }

        return ExitCodes.Success;
    }

    /// <summary>The settings, as the service would read them: the data directory may be set in its file or environment.</summary>
    private static ServiceOptions ReadSettings(ParseResult parsed)
    {
        string[] arguments = parsed.GetValue(DataDirectoryOption) is { } directory ? ["--DataDirectory", directory] : [];
        var settings = SettingsReader.Read(arguments, AppContext.BaseDirectory);
        if (settings.Mistakes.Count > 0)
        {
            throw new StartupException(ExitCodes.InvalidSettings, string.Join('\n', settings.Mistakes));
        }

        var path = Path.GetFullPath(settings.Options.DataDirectory);
        RestoreSwitch.EnsureNonePending(path);
        return Directory.Exists(path)
            ? settings.Options with { DataDirectory = path }
            : throw new StartupException(
                ExitCodes.DataDirectoryNotUsable,
                $"There is no data directory '{path}'. Name the service's with --DataDirectory, or start the service once: it makes it.");
    }

    private static int Fail(int exitCode, string message)
    {
        Console.Error.WriteLine(message);
        return exitCode;
    }
}
