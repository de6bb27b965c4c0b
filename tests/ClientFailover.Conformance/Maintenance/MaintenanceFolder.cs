using ClientFailover.Conformance.Running;
using NUnit.Framework;

namespace ClientFailover.Conformance.Maintenance;

/// <summary>What tests do with the commands of maintenance.</summary>
internal static class MaintenanceFolder
{
    public const int Refused = 7;
    public const int InUse = 3;
    public const int BadArguments = 2;
    public const int NotReadable = 6;
    public const int NotWritten = 8;
    public const int CheckFailed = 9;

    /// <summary>A passphrase that is good enough.</summary>
    public const string Passphrase = "correct horse battery";

    public static Task<ServiceCommand> BackupAsync(string directory, string file, params string[] more) =>
        ServiceCommand.RunAsync(Passphrase + "\n", ["backup", file, "--DataDirectory", directory, .. more]);

    public static Task<ServiceCommand> RestoreAsync(string directory, string file, params string[] more) =>
        ServiceCommand.RunAsync(Passphrase + "\n", ["restore", file, "--DataDirectory", directory, .. more]);

    /// <summary>The last entry of the audit, in short.</summary>
    public static string LastAudit(string directory)
    {
        var file = Directory.GetFiles(Path.Combine(directory, "audit")).Order(StringComparer.Ordinal).Last();
        using var line = System.Text.Json.JsonDocument.Parse(File.ReadLines(file).Last());
        return $"{line.RootElement.GetProperty("Action")} {line.RootElement.GetProperty("Result")}";
    }

    /// <summary>Makes a data directory with groups.</summary>
    public static async Task FillAsync(string directory, string prefix, int groups)
    {
        await using var service = await RunningService.StartAsync(directory, RunningService.Quick);
        using var caller = new Caller(service);
        for (var i = 0; i < groups; i++)
        {
            var id = $"{prefix}{i}";
            await caller.PatientlyAsync(c => c.CreateGroupAsync(id));
        }

        await service.StopAsync();
    }

    /// <summary>Asserts that a data directory is as <see cref="FillAsync"/> made it, with one group Old0, and can be served from.</summary>
    public static async Task MustBeOldAsync(string directory)
    {
        Assert.That(Directory.EnumerateFileSystemEntries(directory, "restore.*").Concat(Directory.EnumerateFileSystemEntries(directory, "before-*")), Is.Empty);
        await using var service = await RunningService.StartAsync(directory, RunningService.Quick);
        using var caller = new Caller(service);
        Assert.That((await caller.Groups.ListGroupsAsync(new V1.ListGroupsRequest())).Groups.Select(g => g.Id), Is.EqualTo(new[] { "Old0" }));
        await service.KillAsync();
    }

    /// <summary>Copies a directory with all that is in it.</summary>
    public static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var directory in Directory.GetDirectories(from, "*", SearchOption.AllDirectories))
        {
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, directory)));
        }

        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
        }
    }
}
