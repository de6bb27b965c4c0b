using System.Text.Json;
using ClientFailover.Installation.Tests.Running;
using NUnit.Framework;

namespace ClientFailover.Installation.Tests.Windows;

/// <summary>What the scripts did to a Windows that only remembers.</summary>
/// <param name="Calls">Cmdlets and programs that were called, in their order.</param>
/// <param name="Written">What was written.</param>
/// <param name="Problems">What was refused or went wrong.</param>
/// <param name="Services">Services, each with its state.</param>
/// <param name="Groups">Local groups.</param>
/// <param name="Rules">Rules of the firewall.</param>
/// <param name="Keys">Keys of the registry.</param>
internal sealed record WindowsMachine(
    IReadOnlyList<string> Calls,
    IReadOnlyList<string> Written,
    IReadOnlyList<string> Problems,
    IReadOnlyDictionary<string, string> Services,
    IReadOnlyList<string> Groups,
    IReadOnlyList<string> Rules,
    IReadOnlyList<string> Keys)
{
    /// <summary>The name of the service.</summary>
    public const string Service = "Client Failover Service";

    /// <summary>Runs scripts on it, one after the other.</summary>
    /// <param name="root">Where its folders are.</param>
    /// <param name="steps">Scripts, each with its parameters; <c>Given</c> is that of these tests.</param>
    /// <returns>What became of it.</returns>
    public static async Task<WindowsMachine> RunAsync(TemporaryFolder root, params (string Script, object Arguments)[] steps)
    {
        var result = await PowerShell.RunAsync(
            "Run.ps1",
            new Dictionary<string, string> { ["ProgramFiles"] = root.File("Program Files"), ["ProgramData"] = root.File("ProgramData") },
            "-Steps",
            JsonSerializer.Serialize(steps.Select(s => new
            {
                Script = s.Script == "Given"
                    ? Path.Combine(TestContext.CurrentContext.TestDirectory, "Windows", "Given.ps1")
                    : Repository.File("src", "Packaging", "windows", $"{s.Script}-ClientFailover.ps1"),
                s.Arguments,
            })));
        Assert.That(result.ExitCode, Is.Zero, result.Output + result.Error);

        // What "-WhatIf" would do is written before.
        return JsonSerializer.Deserialize<WindowsMachine>(result.Output[result.Output.IndexOf("{\n", StringComparison.Ordinal)..])!;
    }

    /// <summary>Makes a folder of a published service; its program tells a version, and whether it answers.</summary>
    /// <param name="root">Where.</param>
    /// <param name="version">The version.</param>
    /// <param name="answers">Whether it answers when it runs.</param>
    /// <returns>The folder.</returns>
    public static string Publish(TemporaryFolder root, string version, bool answers = true)
    {
        var folder = Directory.CreateDirectory(root.File($"published {version}")).FullName;
        var program = Path.Combine(folder, "ClientFailover.Service.exe");
        File.WriteAllText(program, $"#!/bin/sh\ncase $1 in --version) echo {version} ;; health) exit {(answers ? 0 : 1)} ;; esac\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.WriteAllText(Path.Combine(folder, "e_sqlite3.dll"), version);
        File.WriteAllText(Path.Combine(folder, "Setup.ps1"), "");
        File.WriteAllText(Path.Combine(folder, "appsettings.json"), """{ "Logging": { "LogLevel": { "Default": "Information" } }, "ClientFailover": { "Port": 5590, "Address": "0.0.0.0" } }""");
        return folder;
    }
}
