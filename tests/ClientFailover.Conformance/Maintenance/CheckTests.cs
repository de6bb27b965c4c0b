using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using ClientFailover.Conformance.Running;
using NUnit.Framework;

namespace ClientFailover.Conformance.Maintenance;

/// <summary>The commands <c>check</c>, <c>version</c> and <c>help</c>.</summary>
public sealed class CheckTests
{
    private DataFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = DataFolder.Create();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public async Task Check_RunningService_FindsNothingButThePasswordsThatLieAbout()
    {
        await using var service = await RunningService.StartAsync(_folder.Path);
        using var caller = new Caller(service);
        await caller.CreatePairAsync("Line1");

        var (exitCode, checks) = await CheckAsync("--Address", "127.0.0.1", "--Port", $"{service.Tls.Port}");

        Assert.That(exitCode, Is.Zero);
        Assert.That(
            checks.Where(c => c.Level != "Ok" && c.Check != "disk").Select(c => c.Text),
            Is.EqualTo(new[] { "initial-accounts.json is still there; it tells passwords." }));
        Assert.That(checks.Select(c => c.Check).Distinct(), Is.SupersetOf(new[] { "settings", "directory", "disk", "database", "accounts", "certificate", "clock", "service" }));
        Assert.That(checks.Single(c => c.Check == "service").Text, Does.Contain("It runs, and answers"));
        Assert.That(checks.Single(c => c.Check == "database").Text, Does.Contain("1 groups, 2 sessions"));
        Assert.That(await caller.BeatAsync("Line1", "a", 50), Is.EqualTo(V1.Role.Primary), "It has disturbed nobody.");
    }

    [Test]
    public async Task Check_Text_IsOfOneLineEachAndSaysWhatToDo()
    {
        var text = await ServiceCommand.RunAsync("", "check", "--DataDirectory", _folder.File("none"), "--Port", "0");

        Assert.That(text.ExitCode, Is.Zero);
        Assert.That(text.Output, Does.Contain("ok      settings").And.Contain("WARNING directory").And.Contain("Start the service once"));
        Assert.That(Directory.Exists(_folder.File("none")), Is.False, "It makes nothing.");
    }

    [Test]
    public async Task Check_WhatKeepsTheServiceFromWorking_IsToldAllAtOnce()
    {
        await using (var service = await RunningService.StartAsync(_folder.Path))
        {
            await service.StopAsync();
        }

        await File.WriteAllTextAsync(_folder.File("users.json"), "[{}]");
        await using (var database = new FileStream(_folder.File("clientfailover.db"), FileMode.Open))
        {
            database.Seek(4096, SeekOrigin.Begin);
            await database.WriteAsync(Enumerable.Repeat((byte)0xA5, 2 * 4096).ToArray());
        }

        using var key = RSA.Create(2048);
        using var expired = new CertificateRequest("CN=own", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2021, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await File.WriteAllTextAsync(_folder.File(Path.Combine("Certificates", "Keys", "own.key")), key.ExportPkcs8PrivateKeyPem());
        await File.WriteAllTextAsync(_folder.File(Path.Combine("Certificates", "own.crt")), expired.ExportCertificatePem());
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();

        var (exitCode, checks) = await CheckAsync("--Address", "127.0.0.1", "--Port", $"{((System.Net.IPEndPoint)taken.LocalEndpoint).Port}");

        Assert.That(exitCode, Is.EqualTo(MaintenanceFolder.CheckFailed));
        Assert.That(checks.Where(c => c.Level == "Error").Select(c => c.Check), Is.EqualTo(new[] { "database", "accounts", "certificate", "port" }));
        Assert.That(checks.Where(c => c.Level == "Error").Select(c => c.Advice), Is.All.Not.Empty);
        Assert.That(checks.Single(c => c.Check == "certificate" && c.Level == "Error").Text, Does.Contain("expired at 2021-01-01"));
    }

    [Test]
    public async Task Check_SettingsAreWrong_TellsEach()
    {
        var (exitCode, checks) = await CheckAsync("--Port", "-1", "--Address", "nowhere");

        Assert.That(exitCode, Is.EqualTo(MaintenanceFolder.CheckFailed));
        Assert.That(checks.Select(c => c.Check), Is.EqualTo(new[] { "settings", "settings" }));
    }

    [Test]
    public async Task Help_Commands_AreAllInIt()
    {
        var help = await ServiceCommand.RunAsync("", "help");
        Assert.That(help.ExitCode, Is.Zero);
        foreach (var command in new[] { "run", "users", "tenants", "backup", "restore", "check", "version", "help" })
        {
            Assert.That(help.Output, Does.Match($@"(?m)^  {command} +\S"));
        }

        foreach (var command in new[] { "users", "tenants", "backup", "restore", "check", "version" })
        {
            var own = await ServiceCommand.RunAsync("", "help", command);
            Assert.That((own.ExitCode, own.Error), Is.EqualTo((0, "")), command);
            Assert.That(own.Output, Does.Contain(command));
        }

        var wrong = await ServiceCommand.RunAsync("", "backup", "--nonsense");
        Assert.That((wrong.ExitCode, wrong.Output), Is.EqualTo((MaintenanceFolder.BadArguments, "")));
    }

    [Test]
    public async Task Version_OfEverything_IsTold()
    {
        var version = await ServiceCommand.RunAsync("", "version");

        Assert.That(version.ExitCode, Is.Zero);
        Assert.That(version.Output, Does.Match(@"Client Failover +\d+\.\d+\.\d+").And.Contain(".NET 10").And.Match(@"Database schema +\d+").And.Match(@"Backup format +1"));
    }

    private async Task<(int ExitCode, Finding[] Checks)> CheckAsync(params string[] settings)
    {
        var command = await ServiceCommand.RunAsync("", ["check", "--json", "--DataDirectory", _folder.Path, .. settings]);
        Assert.That(command.Error, Is.Empty);
        return (command.ExitCode, JsonDocument.Parse(command.Output).RootElement.GetProperty("Checks").Deserialize<Finding[]>()!);
    }

    private sealed record Finding(string Check, string Level, string Text, string? Advice);
}
