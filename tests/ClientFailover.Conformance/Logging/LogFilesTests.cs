using System.Text.Json;
using ClientFailover.Conformance.Disk;
using ClientFailover.Conformance.Running;
using NUnit.Framework;

namespace ClientFailover.Conformance.Logging;

/// <summary>The files of the log: what is in them, how many there are, and what happens when they cannot be written.</summary>
public sealed class LogFilesTests
{
    private static readonly string[] Debug = [.. RunningService.Quick, "--Logging:LogLevel:Default", "Debug"];

    private DataFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = DataFolder.Create();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public async Task Takeover_OverAStream_IsOneLineInTheFileAndOnTheConsole()
    {
        await using var service = await RunningService.StartAsync(_folder.Path, RunningService.Quick);
        using var caller = new Caller(service);
        await caller.CreatePairAsync("G");

        await OrderAsync(caller);

        const string told = "Group default/default/G: Primary goes from a (score 50) to b (score 50) in term 2: RoleOverride";
        LogFolder.UntilTold(_folder.Path, told);
        await service.UntilToldAsync(told);
        Assert.That(LogFolder.ReadLines(_folder.Path).Where(l => l.Contains(" in term 2", StringComparison.Ordinal)).ToList(), Has.Count.EqualTo(1));
        Assert.That(LogFolder.ReadLines(_folder.Path), Has.All.Matches<string>(LogFolder.IsEntry));
        Assert.That(LogFolder.ReadLines(_folder.Path).Single(l => l.Contains(told, StringComparison.Ordinal)), Does.Contain(" INF ").And.Contain("[1001]: "));
    }

    [Test]
    public async Task Json_ATakeover_HasItsPartsByName()
    {
        await using var service = await RunningService.StartAsync(
            _folder.Path, [.. RunningService.Quick, "--LogFileFormat", "Json"]);
        using var caller = new Caller(service);
        await caller.CreatePairAsync("G");

        await OrderAsync(caller);

        LogFolder.UntilTold(_folder.Path, "in term 2");
        var lines = LogFolder.ReadLines(_folder.Path).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        var takeover = lines.Single(l => l.GetProperty("@m").GetString()!.Contains("in term 2", StringComparison.Ordinal));
        Assert.That(takeover.GetProperty("@i").GetInt32(), Is.EqualTo(1001));
        Assert.That(
            new[] { "@l", "Group", "FromSession", "ToSession", "Reason" }.Select(n => Named(takeover, n).GetString()),
            Is.EqualTo(new[] { "Information", "default/default/G", "a", "b", "RoleOverride" }));
        Assert.That(
            new[] { "FromScore", "ToScore", "Term" }.Select(n => Named(takeover, n).GetDouble()), Is.EqualTo(new[] { 50.0, 50, 2 }));
    }

    [Test]
    public async Task Heartbeats_AtInformation_WriteNothing()
    {
        await using var service = await RunningService.StartAsync(_folder.Path, RunningService.Quick);
        using var caller = new Caller(service);
        await caller.CreatePairAsync("G");
        using var stream = await Streams.AdapterStream.JoinAsync(caller, "G", "c");
        await stream.BeatAndReadAsync(50);
        LogFolder.UntilTold(_folder.Path, "session c connects");
        var before = LogFolder.ReadLines(_folder.Path).Count;

        for (var i = 0; i < 200; i++)
        {
            await caller.BeatAsync("G", "a", 50);
            await stream.BeatAndReadAsync(50);
        }

        await caller.CreateGroupAsync("after");
        LogFolder.UntilTold(_folder.Path, "Group default/default/after is created");
        Assert.That(LogFolder.ReadLines(_folder.Path), Has.Count.EqualTo(before + 1));
    }

    [Test]
    public async Task Kill_AfterAWarning_LeavesItInTheFile()
    {
        await using var service = await RunningService.StartAsync(_folder.Path, RunningService.Quick);
        using var guesser = new Caller(service, new Account("nobody", "guess", "").Header);
        (await guesser.Rest.GetAsync("")).Dispose();
        LogFolder.UntilTold(_folder.Path, "Logon of nobody");

        await service.KillAsync();

        Assert.That(LogFolder.ReadLines(_folder.Path), Has.One.Matches<string>(l => l.Contains(" WRN ", StringComparison.Ordinal) && l.EndsWith("[3010]: Logon of nobody from 127.0.0.1 failed", StringComparison.Ordinal)));
    }

    [Test]
    public async Task Files_MoreThanTheyMayHold_RollAndTheOldestGo()
    {
        const int count = 2;
        const int largest = 1024 * 1024;
        await using var service = await RunningService.StartAsync(
            _folder.Path, [.. RunningService.Quick, "--LogFileSize", "1", "--LogFileCount", $"{count}", "--Logging:LogLevel:Default", "Verbose", "--Logging:LogLevel:Microsoft", "Verbose", "--Logging:Console:LogLevel:Default", "None", "--Logging:Console:LogLevel:Microsoft", "None"]);
        using var caller = new Caller(service);
        LogFolder.UntilTold(_folder.Path, "Client Failover listens on");

        for (var i = 0; i < 100_000 && LogFolder.ReadText(_folder.Path).Contains("Everything is kept in", StringComparison.Ordinal); i++)
        {
            await Task.WhenAll(Enumerable.Range(0, 50).Select(n => caller.CreateGroupAsync($"G{n}")));
        }

        var files = LogFolder.Files(_folder.Path);
        Assert.That(files, Has.Count.EqualTo(count));
        Assert.That(files.Select(f => new FileInfo(f).Length), Is.All.LessThan(largest + (64 * 1024)));
        Assert.That(LogFolder.ReadText(_folder.Path), Does.Not.Contain("Everything is kept in"), "The oldest file is gone.");
    }

    [Test]
    public async Task Files_SwitchedOff_AreNotMade()
    {
        await using var service = await RunningService.StartAsync(_folder.Path, [.. RunningService.Quick, "--LogFiles", "false"]);
        await service.UntilToldAsync("Client Failover listens on");
        await service.StopAsync();

        Assert.That(Directory.Exists(_folder.File("Logs")), Is.False);
    }

    [Test]
    public async Task Folder_ThatCannotBeUsed_IsToldOnTheConsoleAndTheServiceGoesOn()
    {
        await File.WriteAllTextAsync(_folder.File("Logs"), "in the way");
        await using var service = await RunningService.StartAsync(_folder.Path, Debug);
        using var caller = new Caller(service);

        await service.UntilToldAsync("[8100]: The log files in");
        await caller.CreatePairAsync("G");
        File.Delete(_folder.File("Logs"));
        await TellUntilAsync(caller, service, "[8101]: The log files in");

        Assert.That(LogFolder.ReadText(_folder.Path), Is.Not.Empty);
        Assert.That(service.Output.Split("[8100]"), Has.Length.EqualTo(2), "It was told once.");
    }

    [Test]
    [NonParallelizable]
    public async Task FullDisk_TheServiceGoesOnAndTheFilesAreWrittenAgain()
    {
        using var disk = SmallDisk.Mount();
        await using var service = await RunningService.StartAsync(disk.Path, Debug);
        using var caller = new Caller(service);
        await caller.CreatePairAsync("G");
        disk.Fill();

        // The last block of a file has room for some lines.
        await TellUntilAsync(caller, service, "[8100]: The log files in");
        Assert.That(await caller.BeatAsync("G", "a", 50), Is.EqualTo(V1.Role.Primary));
        disk.Free();
        await TellUntilAsync(caller, service, "[8101]: The log files in");

        Assert.That(service.Output.Split("[8100]"), Has.Length.EqualTo(2), "It was told once.");
        LogFolder.UntilTold(disk.Path, "[8101]");
        Assert.That(LogFolder.ReadLines(disk.Path).Count(l => !LogFolder.IsEntry(l) && !l.StartsWith("    ", StringComparison.Ordinal)), Is.LessThan(2), "One line at most was torn.");
    }

    /// <summary>Makes lines until the log says something.</summary>
    private static async Task TellUntilAsync(Caller caller, RunningService service, string text)
    {
        var end = DateTime.UtcNow + RunningService.Patience;
        while (!service.Output.Contains(text, StringComparison.Ordinal) && DateTime.UtcNow < end)
        {
            // A refusal: a line of level Debug, and nothing in the database.
            (await caller.Rest.GetAsync(new Uri("groups/none", UriKind.Relative))).Dispose();
        }

        Assert.That(service.Output, Does.Contain(text));
    }

    /// <summary>Makes b Primary, by an order: it is when a has heard of it.</summary>
    private static async Task OrderAsync(Caller caller)
    {
        await caller.OverrideAsync("G", "b", V1.RoleOverride.Primary);
        do
        {
            await caller.BeatAsync("G", "a", 50);
        }
        while (await caller.BeatAsync("G", "b", 50) != V1.Role.Primary);
    }

    private static JsonElement Named(JsonElement line, string name) =>
        line.EnumerateObject().Single(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
}
