using System.CommandLine;
using System.Globalization;
using ClientFailover.Service.Audit;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Identity.Commands;

namespace ClientFailover.Service.Maintenance.Backup;

/// <summary>Responsible for the command <c>backup</c>, which may be given while the service runs.</summary>
internal static class BackupCommand
{
    private const int ShortestPassphrase = 12;

    /// <summary>Its name.</summary>
    public const string Name = "backup";

    /// <summary>What it does.</summary>
    public const string Meaning = "writes all that the service keeps into one file, while it runs or not";

    /// <summary>How it is used.</summary>
    /// <param name="settings">Reads the settings that are given with it.</param>
    /// <returns>The command.</returns>
    public static Command Create(Func<ServiceOptions> settings)
    {
        var file = MaintenanceCommand.FileArgument("The file to make, for this account alone.");
        var passphrase = new Option<bool>("--passphrase") { Description = "Encrypts it (OpenPGP). The passphrase is asked for, or read from standard input." };
        var withoutSecrets = new Option<bool>("--without-secrets") { Description = "Leaves out the keys of secrets and the certificates with their keys." };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replaces the file if it exists." };
        var command = new Command(Name, "Writes all that the service keeps into one file. The service may be running.") { file, passphrase, withoutSecrets, overwrite };
        command.SetAction(p => Run(
            settings(), Path.GetFullPath(p.GetRequiredValue(file)), p.GetValue(passphrase), !p.GetValue(withoutSecrets), p.GetValue(overwrite)));
        return command;
    }

    private static int Run(ServiceOptions options, string path, bool encrypts, bool withSecrets, bool overwrite)
    {
        var secret = encrypts ? ReadPassphrase() : null;
        var detail = (withSecrets ? "with secrets" : "without secrets") + (encrypts ? ", encrypted" : "");
        var writer = new BackupWriter(options.DataDirectory, TimeProvider.System);
        BackupManifest manifest;
        try
        {
            manifest = writer.Write(path, withSecrets, secret, overwrite);
        }
        catch (MaintenanceException e)
        {
            Record(options, path, e.Reason, detail);
            throw;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Record(options, path, "NOT_WRITTEN", detail);
            throw new MaintenanceException(ExitCodes.NotWritten, "NOT_WRITTEN", $"The backup cannot be written: {e.Message}", e);
        }
        finally
        {
            foreach (var (directory, problem) in writer.Left)
            {
                Console.Error.WriteLine($"'{directory}' cannot be removed: {problem} It may hold a copy of what is backed up; remove it.");
            }
        }

        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{path}: {new FileInfo(path).Length} bytes, {manifest.Entries.Count} files, {detail}."));
        Record(options, path, AuditEntry.Done, detail);
        if (withSecrets && !encrypts)
        {
            Console.Error.WriteLine("It has the keys of the certificate and of all secrets, readable for whoever gets it. Keep it as safe as the data directory, or encrypt it with --passphrase.");
        }

        return ExitCodes.Success;
    }

    private static string ReadPassphrase()
    {
        var passphrase = SecretInput.Read("Passphrase for the backup: ", isNew: true);
        return passphrase.Length >= ShortestPassphrase
            ? passphrase
            : throw new SecretInputException($"The passphrase must have at least {ShortestPassphrase} characters: whoever has the file can try as many as they like.");
    }

    private static void Record(ServiceOptions options, string path, string result, string detail)
    {
        if (!Directory.Exists(options.DataDirectory))
        {
            return;
        }

        // Read as whoever gives the command, who may write where the service may not; the audit is the service's.
        DataOwner.Become(options.DataDirectory);
        CommandAudit.Record(options, new AuditEntry("backup", path, result, CommandUser.Name, From: null, detail, Scheme: AuditEntry.CommandLine));
    }
}
