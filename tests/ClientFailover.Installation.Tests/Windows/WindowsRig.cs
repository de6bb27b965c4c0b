using System.Text.Json;
using ClientFailover.Installation.Tests.Running;
using NUnit.Framework;

namespace ClientFailover.Installation.Tests.Windows;

/// <summary>Responsible for a Windows that only remembers: its folders, what is published for it, and scripts run on it.</summary>
internal sealed class WindowsRig : IDisposable
{
    private const string Executable = "ClientFailover.Service.exe";
    private const string VersionFile = "e_sqlite3.dll";

    private readonly TemporaryFolder _root = new();

    /// <summary>Where the program is installed, unless a script is told otherwise.</summary>
    public string Program => PathOf("Program Files/ClientFailover");

    /// <summary>Where its data are, unless a script is told otherwise.</summary>
    public string Data => PathOf("ProgramData/ClientFailover");

    /// <summary>Its database.</summary>
    public string Database => Path.Combine(Data, "clientfailover.db");

    /// <summary>The version that is installed.</summary>
    public string Version => VersionIn(Program);

    /// <summary>The settings beside the program.</summary>
    public JsonElement Settings => JsonDocument.Parse(File.ReadAllText(Path.Combine(Program, "appsettings.json"))).RootElement;

    /// <summary>The path of something on it.</summary>
    /// <param name="name">Its name.</param>
    public string PathOf(string name) => _root.File(name);

    /// <summary>The version of a program.</summary>
    /// <param name="folder">Its folder.</param>
    public static string VersionIn(string folder) => File.ReadAllText(Path.Combine(folder, VersionFile));

    /// <summary>
    /// Makes a folder of a published service. Its program tells its version and whether it answers, and takes and brings back backups of
    /// the database, to which it adds that it was there.
    /// </summary>
    /// <param name="version">The version.</param>
    /// <param name="answers">Whether it answers when it runs.</param>
    /// <returns>The folder.</returns>
    public string Publish(string version, bool answers = true)
    {
        var folder = Directory.CreateDirectory(PathOf($"published {version}")).FullName;
        var program = Path.Combine(folder, Executable);
        File.WriteAllText(
            program,
            $"""
            #!/bin/sh
            case "$*" in
                --version) echo {version} ;;
                health) exit {(answers ? 0 : 1)} ;;
                'backup '*' --overwrite --DataDirectory '*) cp "$5/clientfailover.db" "$2" ;;
                'restore '*' --replace --DataDirectory '*) cp "$2" "$5/clientfailover.db" && printf ', restored by {version}' >>"$5/clientfailover.db" ;;
                *) echo "What is $*?" >&2; exit 2 ;;
            esac

            """);
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.WriteAllText(Path.Combine(folder, VersionFile), version);
        File.WriteAllText(Path.Combine(folder, "Setup.ps1"), "");
        File.WriteAllText(
            Path.Combine(folder, "appsettings.json"),
            """{ "Logging": { "LogLevel": { "Default": "Information" } }, "ClientFailover": { "Port": 5590, "Address": "0.0.0.0" } }""");
        return folder;
    }

    /// <summary>Changes what a published program does.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="old">What it does.</param>
    /// <param name="new">What it is to do instead.</param>
    public static void Change(string folder, string old, string @new)
    {
        var program = Path.Combine(folder, Executable);
        var text = File.ReadAllText(program);
        Assert.That(text, Does.Contain(old));
        File.WriteAllText(program, text.Replace(old, @new, StringComparison.Ordinal));
    }

    /// <summary>Puts a database where a service has left it.</summary>
    /// <param name="content">What is in it.</param>
    public void LeaveDatabase(string content)
    {
        Directory.CreateDirectory(Data);
        File.WriteAllText(Database, content);
    }

    /// <summary>Runs scripts, one after the other.</summary>
    /// <param name="steps">Scripts, each with its parameters; <c>Given</c> is that of these tests.</param>
    /// <returns>What became of it.</returns>
    public async Task<WindowsMachine> RunAsync(params (string Script, object Arguments)[] steps)
    {
        var result = await PowerShell.RunAsync(
            "Run.ps1",
            new Dictionary<string, string> { ["ProgramFiles"] = PathOf("Program Files"), ["ProgramData"] = PathOf("ProgramData") },
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

    /// <inheritdoc/>
    public void Dispose() => _root.Dispose();
}
