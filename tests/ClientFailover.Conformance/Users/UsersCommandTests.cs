using System.Diagnostics;
using System.Text;
using System.Text.Json;
using ClientFailover.Conformance.Running;
using NUnit.Framework;

namespace ClientFailover.Conformance.Users;

/// <summary>The command <c>users</c> without a running service: arguments, passwords, exit codes, files.</summary>
public sealed class UsersCommandTests
{
    private const int BadArguments = 2;
    private const int NoDirectory = 4;
    private const int Damaged = 6;
    private const int Refused = 7;

    private DataFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = DataFolder.Create();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public async Task Add_BeforeTheFirstStart_IsTheFirstAdministrator()
    {
        var early = await UsersAsync(UserFolder.Password, "add", "adapter", "--role", Account.UserRole);
        var admin = await UserFolder.AddUserAsync(_folder.Path, "ops", Account.AdministratorRole);
        await using var service = await RunningService.StartAsync(_folder.Path);
        using var caller = new Caller(service, admin.Header);
        using var answer = await caller.Rest.GetAsync("");

        Assert.That(early.ExitCode, Is.EqualTo(Refused));
        Assert.That(early.Error, Does.Contain("no account in AVEVAFailoverAdministrators"));
        Assert.That((int)answer.StatusCode, Is.EqualTo(200));
        Assert.That(File.Exists(_folder.File("initial-accounts.json")), Is.False, "None was made.");
    }

    [Test]
    public async Task List_Accounts_TellsNamesAndRolesOnly()
    {
        await UserFolder.AddUserAsync(_folder.Path, "ops", Account.AdministratorRole);
        await UserFolder.AddUserAsync(_folder.Path, "@line 1");

        var json = await UsersAsync("", "list", "--json");
        var text = await UsersAsync("", "list");

        Assert.That(
            JsonDocument.Parse(json.Output).RootElement.EnumerateArray().Select(a => string.Join(' ', a.EnumerateObject().Select(m => $"{m.Name}={m.Value}"))),
            Is.EqualTo(new[] { "Name=@line 1 Role=AVEVAFailoverUsers", "Name=ops Role=AVEVAFailoverAdministrators" }));
        Assert.That(text.Output.ReplaceLineEndings("\n"), Is.EqualTo("@line 1  AVEVAFailoverUsers\nops      AVEVAFailoverAdministrators\n"));
    }

    [Test]
    public async Task Change_AgainstTheRules_IsRefusedAndChangesNothing()
    {
        await UserFolder.AddUserAsync(_folder.Path, "ops", Account.AdministratorRole);
        var before = await File.ReadAllTextAsync(_folder.File("users.json"));

        ServiceCommand[] refused =
        [
            await UsersAsync("", "remove", "ops"),
            await UsersAsync("", "role", "ops", Account.UserRole),
            await UsersAsync("eleven char\n", "password", "ops"),
            await UsersAsync(UserFolder.Password, "add", "OPS", "--role", Account.UserRole),
            await UsersAsync("adapter-line-1\n", "add", "adapter-line-1", "--role", Account.UserRole),
            await UsersAsync("", "remove", "nobody"),
        ];

        Assert.That(refused.Select(r => r.ExitCode), Is.All.EqualTo(Refused));
        Assert.That(refused.Select(r => r.Error), Is.All.Contains("Nothing was changed."));
        Assert.That(await File.ReadAllTextAsync(_folder.File("users.json")), Is.EqualTo(before));
    }

    [Test]
    public async Task Add_PasswordAsArgument_IsNotUnderstood()
    {
        await UserFolder.AddUserAsync(_folder.Path, "ops", Account.AdministratorRole);

        var argument = await UsersAsync("", "add", "adapter", "--role", Account.UserRole, UserFolder.Password);
        var option = await UsersAsync("", "add", "adapter", "--role", Account.UserRole, "--password", UserFolder.Password);
        var nothing = await UsersAsync("", "add", "adapter", "--role", Account.UserRole);
        var role = await UsersAsync(UserFolder.Password, "add", "adapter", "--role", "Users");

        Assert.That(new[] { argument.ExitCode, option.ExitCode, nothing.ExitCode, role.ExitCode }, Is.All.EqualTo(BadArguments));
        Assert.That(role.Error, Does.Contain(Account.AdministratorRole));
    }

    [Test]
    public async Task Change_WithoutUsableData_SaysSo()
    {
        var missing = await UserFolder.UsersAsync(_folder.File("missing"), "", "list");
        await File.WriteAllTextAsync(_folder.File("users.json"), "[{}]");
        var damaged = await UsersAsync(UserFolder.Password, "add", "adapter", "--role", Account.UserRole);

        Assert.That((missing.ExitCode, damaged.ExitCode), Is.EqualTo((NoDirectory, Damaged)));
        Assert.That(Directory.Exists(_folder.File("missing")), Is.False);
        Assert.That(await File.ReadAllTextAsync(_folder.File("users.json")), Is.EqualTo("[{}]"));
    }

    [Test]
    public async Task Command_Unknown_NamesTheKnown()
    {
        var unknown = await ServiceCommand.RunAsync("", "user", "list");
        var help = await ServiceCommand.RunAsync("", "--help");

        Assert.That((unknown.ExitCode, unknown.Error.Trim()), Is.EqualTo((BadArguments, "'user' is no command. Commands: run, users, health, tenants, backup, restore, check, version, help. --help tells more.")));
        Assert.That(help.Output, Does.Contain("  run ").And.Contain("  users ").And.Contain("AuditRetention"));
    }

    [Test]
    public async Task Run_IsTheSameAsNoCommand()
    {
        var named = await ServiceCommand.RunAsync("", "run", "--Port", "-1");
        var unnamed = await ServiceCommand.RunAsync("", "--Port", "-1");

        Assert.That((named.ExitCode, unnamed.ExitCode), Is.EqualTo((BadArguments, BadArguments)));
        Assert.That(named.Error, Is.EqualTo(unnamed.Error).And.Contains("Port is -1"));
    }

    [Test]
    public async Task Add_ManyAtOnce_LosesNone()
    {
        await UserFolder.AddUserAsync(_folder.Path, "ops", Account.AdministratorRole);

        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => UserFolder.AddUserAsync(_folder.Path, $"adapter{i}")));

        var list = await UsersAsync("", "list", "--json");
        Assert.That(JsonDocument.Parse(list.Output).RootElement.GetArrayLength(), Is.EqualTo(7));
        Assert.That(File.ReadLines(Directory.GetFiles(_folder.File("audit")).Single()).Count(), Is.EqualTo(7));
    }

    [Test]
    [Platform(Include = "Linux", Reason = "script(1) makes the terminal.")]
    public async Task Add_AtATerminal_AsksTwiceAndShowsNothing()
    {
        var different = await AtTerminalAsync("first password\nother password\n", "add ops --role AVEVAFailoverAdministrators");
        var same = await AtTerminalAsync($"{UserFolder.Password}\n{UserFolder.Password}\n", "add ops --role AVEVAFailoverAdministrators");

        Assert.That(different.ExitCode, Is.EqualTo(BadArguments));
        Assert.That(different.Output, Does.Contain("differ"));
        Assert.That(same.ExitCode, Is.Zero, same.Output);
        Assert.That(same.Output, Does.Contain("Password for ops").And.Contain("The same again").And.Not.Contain(UserFolder.Password));
    }

    [Test]
    [Platform(Include = "Linux", Reason = "Root and the accounts of Unix.")]
    public async Task Add_AsRoot_LeavesFilesToTheOwnerOfTheDirectory()
    {
        Assume.That(Environment.UserName, Is.EqualTo("root"));
        await ToolAsync("chown", "nobody", _folder.Path);

        await UserFolder.AddUserAsync(_folder.Path, "ops", Account.AdministratorRole);

        var audit = Directory.GetFiles(_folder.File("audit")).Single();
        var files = await ToolAsync("stat", "-c", "%U %a", _folder.File("users.json"), _folder.File("users.lock"), _folder.File("audit"), audit);
        Assert.That(files, Is.EqualTo("nobody 600\nnobody 600\nnobody 700\nnobody 600\n"));
    }

    private static async Task<string> ToolAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.Zero, program);
        return output;
    }

    private async Task<ServiceCommand> AtTerminalAsync(string typed, string arguments)
    {
        var command = $"'{string.Join("' '", ServiceExecutable.Command)}' users {arguments} --DataDirectory '{_folder.Path}'";
        using var process = Process.Start(new ProcessStartInfo("script", ["--quiet", "--return", "--echo", "never", "--command", command, "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

        // Typed before the prompt, a terminal would show it: a person waits for the prompt, and so does this.
        var output = new StringBuilder();
        foreach (var line in typed.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            await ReadPromptAsync(process.StandardOutput, output);
            await process.StandardInput.WriteAsync(line + "\r");
            await process.StandardInput.FlushAsync();
        }

        var end = await ServiceCommand.EndAsync(process, "");
        return end with { Output = output + end.Output };
    }

    private static async Task ReadPromptAsync(StreamReader terminal, StringBuilder output)
    {
        var one = new char[1];
        do
        {
            Assert.That(await terminal.ReadAsync(one).AsTask().WaitAsync(RunningService.Patience), Is.EqualTo(1), output.ToString());
            output.Append(one[0]);
        }
        while (!output.ToString().EndsWith(": ", StringComparison.Ordinal));
    }

    private Task<ServiceCommand> UsersAsync(string input, params string[] arguments) => UserFolder.UsersAsync(_folder.Path, input, arguments);
}
