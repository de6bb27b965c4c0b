using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using ClientFailover.Service.Hosting;

namespace ClientFailover.Service.Maintenance.Checks;

/// <summary>
/// Responsible for the command <c>check</c>: tells what is wrong, or will be, and what to do. Changes nothing, and may be given
/// while the service runs.
/// </summary>
internal static class CheckCommand
{
    /// <summary>Its name.</summary>
    public const string Name = "check";

    /// <summary>What it does.</summary>
    public const string Meaning = "looks for what keeps the service from working, and says what to do";

    private const string SettingsName = "settings";

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>How it is used.</summary>
    /// <param name="settings">Reads the settings that are given with it.</param>
    /// <returns>The command.</returns>
    public static Command Create(Func<ReadSettings> settings)
    {
        var json = new Option<bool>("--json") { Description = "Prints JSON." };
        var command = new Command(Name, "Looks for what keeps the service from working. The service may be running. Give it the settings that the service is given.") { json };
        command.SetAction(p => Run(settings(), p.GetValue(json)));
        return command;
    }

    private static int Run(ReadSettings settings, bool asJson)
    {
        if (Directory.Exists(settings.Options.DataDirectory))
        {
            DataOwner.Become(settings.Options.DataDirectory);
        }

        var results = Check(settings).ToList();
        var worst = results.Max(r => r.Level);
        if (asJson)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(new { Result = worst, Checks = results }, Json));
        }
        else
        {
            results.ForEach(Print);
        }

        return worst == CheckLevel.Error ? ExitCodes.CheckFailed : ExitCodes.Success;
    }

    private static IEnumerable<CheckResult> Check(ReadSettings settings)
    {
        if (settings.Mistakes.Count > 0)
        {
            // Nothing else can be judged without knowing where to look.
            return settings.Mistakes.Select(m => CheckResult.Error(SettingsName, m, "Correct it in appsettings.json, the environment or the command line; --help lists the settings."));
        }

        var options = settings.Options with { DataDirectory = Path.GetFullPath(settings.Options.DataDirectory) };
        var database = new DatabaseFacts();
        return
        [
            CheckResult.Ok(SettingsName, $"They can be used; version {HelpText.Version}."),
            .. Guarded("directory", () => DirectoryCheck.Run(options.DataDirectory)),
            .. Guarded("database", () => DatabaseCheck.Run(options.DataDirectory, database)),
            .. Guarded("accounts", () => AccountCheck.Run(options, database)),
            .. Guarded("certificate", () => CertificateCheck.Run(options.DataDirectory, TimeProvider.System.GetUtcNow().UtcDateTime)),
            .. Guarded("clock", () => ClockCheck.Run(TimeProvider.System, Thread.Sleep, database)),
            .. Guarded("service", () => PortCheck.Run(options)),
        ];
    }

    /// <summary>What may not be read in one place must not keep the others from being looked at.</summary>
    private static List<CheckResult> Guarded(string check, Func<IEnumerable<CheckResult>> run)
    {
        try
        {
            return [.. run()];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [CheckResult.Error(check, $"It cannot be looked at: {e.Message}", "Give this command as the account of the service.")];
        }
    }

    private static void Print(CheckResult result)
    {
        var level = result.Level switch
        {
            CheckLevel.Ok => "ok",
            CheckLevel.Warning => "WARNING",
            _ => "ERROR",
        };
        Console.Out.WriteLine($"{level,-8}{result.Check,-12}{result.Text}{(result.Advice is null ? "" : $" {result.Advice}")}");
    }
}
