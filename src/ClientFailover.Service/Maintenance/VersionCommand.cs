using System.CommandLine;
using System.Runtime.InteropServices;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Maintenance.Backup;
using ClientFailover.Service.Storage;

namespace ClientFailover.Service.Maintenance;

/// <summary>Responsible for the command <c>version</c>: what somebody who helps from afar asks for first.</summary>
internal static class VersionCommand
{
    /// <summary>Its name.</summary>
    public const string Name = "version";

    /// <summary>What it does.</summary>
    public const string Meaning = "prints versions: service, runtime, system, database, backup";

    /// <summary>How it is used.</summary>
    /// <returns>The command.</returns>
    public static Command Create()
    {
        var command = new Command(Name, "Prints versions.");
        command.SetAction(_ => Console.Out.WriteLine(
            $"""
            Client Failover   {HelpText.Version}
            Runtime           {RuntimeInformation.FrameworkDescription}
            System            {RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}
            Database schema   {SchemaMigrations.Latest}
            Backup format     {BackupManifest.CurrentFormat}
            """));
        return command;
    }
}
