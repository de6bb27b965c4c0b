using System.CommandLine;
using System.Globalization;
using ClientFailover.Service.Audit;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Identity.Commands;
using ClientFailover.Service.Maintenance.Backup;
using ClientFailover.Service.Storage;

namespace ClientFailover.Service.Maintenance.Restore;

/// <summary>Responsible for the command <c>restore</c>, while the service does not run.</summary>
internal static class RestoreCommand
{
    /// <summary>Its name.</summary>
    public const string Name = "restore";

    /// <summary>What it does.</summary>
    public const string Meaning = "brings back what backup has written; the service must be stopped";

    /// <summary>How it is used.</summary>
    /// <param name="settings">Reads the settings that are given with it; the data directory need not exist.</param>
    /// <returns>The command.</returns>
    public static Command Create(Func<ServiceOptions> settings)
    {
        var file = MaintenanceCommand.FileArgument("The backup. If it is encrypted, the passphrase is asked for, or read from standard input.");
        var replace = new Option<bool>("--replace") { Description = "Puts aside what the data directory has, into a directory before-restore-... in it." };
        var keep = new Option<bool>("--keep-certificates") { Description = "Leaves the certificates as they are, on a machine with another name say; without any, the service makes one." };
        var command = new Command(Name, "Brings back what backup has written. The service must be stopped. Everything is checked before anything is changed.") { file, replace, keep };
        command.SetAction(p => Run(settings(), Path.GetFullPath(p.GetRequiredValue(file)), p.GetValue(replace), p.GetValue(keep)));
        return command;
    }

    private static int Run(ServiceOptions options, string path, bool replace, bool keepCertificates)
    {
        // Opened before root's rights are given up: a backup is readable for whoever made it.
        using var file = Open(path);
        var secret = BackupReader.IsEncrypted(file) ? SecretInput.Read("Passphrase of the backup: ", isNew: false) : null;
        var who = CommandUser.Name;
        if (Directory.Exists(options.DataDirectory))
        {
            DataOwner.Become(options.DataDirectory);
        }

        try
        {
            using var data = OpenData(options);
            var restored = new StateRestore(data, TimeProvider.System).Restore(file, secret, replace, keepCertificates);
            Record(AuditEntry.Done, Describe(restored.Manifest));
            Tell(options, restored);
            return ExitCodes.Success;
        }
        catch (MaintenanceException e)
        {
            Record(e.Reason, null);
            throw new MaintenanceException(e.ExitCode, e.Reason, $"{e.Message} Nothing was changed.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or Microsoft.Data.Sqlite.SqliteException)
        {
            // Once the switch is decided it cannot be taken back, only finished.
            var isPending = File.Exists(Path.Combine(options.DataDirectory, RestoreSwitch.MarkerName));
            var problem = e is Microsoft.Data.Sqlite.SqliteException sqlite ? StoreFailure.Describe(sqlite) + "." : e.Message;
            Record(isPending ? "UNFINISHED" : "NOT_WRITTEN", null);
            throw new MaintenanceException(
                ExitCodes.DataDirectoryNotUsable,
                "NOT_WRITTEN",
                isPending
                    ? $"The restore is not finished: {problem} Remove the cause and start the service, or restore again with --replace: either goes on where this ended."
                    : $"The data directory '{options.DataDirectory}' cannot be written: {problem} Nothing was changed.",
                e);
        }

        void Record(string result, string? detail) =>
            CommandAudit.Record(options, new AuditEntry("restore", path, result, who, From: null, detail, Scheme: AuditEntry.CommandLine));
    }

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MaintenanceException(ExitCodes.InvalidSettings, "NO_FILE", $"The backup cannot be read: {e.Message}", e);
        }
    }

    private static DataDirectory OpenData(ServiceOptions options)
    {
        try
        {
            return DataDirectory.Open(options.DataDirectory);
        }
        catch (StartupException e) when (e.ExitCode == ExitCodes.DataDirectoryInUse)
        {
            throw new MaintenanceException(e.ExitCode, "IN_USE", $"The service runs with the data directory '{options.DataDirectory}'. Stop it first.", e);
        }
    }

    private static string Describe(BackupManifest manifest) => string.Create(
        CultureInfo.InvariantCulture, $"of {manifest.Created:u} by version {manifest.ServiceVersion} on {manifest.Machine}");

    private static void Tell(ServiceOptions options, RestoredState restored)
    {
        Console.Out.WriteLine($"Restored the backup {Describe(restored.Manifest)}: {restored.Content}.");
        if (restored.Aside is not null)
        {
            Console.Out.WriteLine($"What was there before is in {restored.Aside}; delete it when all is well.");
        }

        if (!restored.Manifest.HasSecrets)
        {
            Console.Out.WriteLine("The backup has neither certificates nor the keys of secrets: those in the data directory were left; without them the service makes a certificate, and secrets of health endpoints must be set again.");
        }

        var settings = Path.Combine(options.DataDirectory, BackupLayout.SettingsName);
        var current = Path.Combine(AppContext.BaseDirectory, SettingsReader.FileName);
        if (File.Exists(settings) && !(File.Exists(current) && File.ReadAllBytes(current).AsSpan().SequenceEqual(File.ReadAllBytes(settings))))
        {
            Console.Out.WriteLine($"The settings file of the backup differs from {current}, which was left as it is: compare it with {settings}.");
        }
    }
}
