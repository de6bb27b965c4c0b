using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Storage;
using Microsoft.Data.Sqlite;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Hosting;

public partial class ProcessTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private TemporaryDirectory _directory = null!;

    [SetUp]
    public void SetUp() => _directory = new TemporaryDirectory();

    [TearDown]
    public void TearDown() => _directory.Dispose();

    [Test]
    public async Task Start_SettingsWithMistakes_EndsWithAllOfThemAndCreatesNothing()
    {
        var data = _directory.File("data");
        using var process = Start("--DataDirectory", data, "--Port", "-1", "--Address", "nowhere", "--Oops", "1");

        var (exitCode, _, error) = await EndAsync(process);

        Assert.That(exitCode, Is.EqualTo(ExitCodes.InvalidSettings));
        Assert.That(error, Does.Contain("Port is -1").And.Contain("Address is 'nowhere'").And.Contain("--Oops is not a setting"));
        Assert.That(Directory.Exists(data), Is.False);
    }

    [Test]
    public async Task Start_DataDirectoryInUse_EndsWithItsExitCode()
    {
        using var data = DataDirectory.Open(_directory.Path);
        using var process = Start("--DataDirectory", _directory.Path, "--Port", "0");

        var (exitCode, output, error) = await EndAsync(process);

        Assert.That(exitCode, Is.EqualTo(ExitCodes.DataDirectoryInUse));
        Assert.That(error, Does.Contain("Another instance of the service uses the data directory"));
        Assert.That(output, Is.Empty);
    }

    [Test]
    public async Task Start_DamagedAccounts_EndsAndLeavesThemAsTheyAre()
    {
        var users = _directory.File("users.json");
        await File.WriteAllTextAsync(users, "[{}]");
        using var process = Start("--DataDirectory", _directory.Path, "--Port", "0");

        var (exitCode, _, error) = await EndAsync(process);

        Assert.That(exitCode, Is.EqualTo(ExitCodes.DataNotReadable));
        Assert.That(error, Does.Contain(users));
        Assert.That(await File.ReadAllTextAsync(users), Is.EqualTo("[{}]"));
    }

    [Test]
    public async Task Start_DatabaseLocked_EndsWithTheExitCodeOfWhatMayPass()
    {
        using var locked = LockedDatabase();
        using var process = Start("--DataDirectory", _directory.Path, "--Port", "0", "--Address", "127.0.0.1");

        var (exitCode, _, error) = await EndAsync(process);

        Assert.That(exitCode, Is.EqualTo(ExitCodes.DataDirectoryNotUsable), error);
        Assert.That(error, Does.Contain("another program has locked it").And.Not.Contain("   at "));
    }

    [Test]
    public async Task Command_DatabaseLocked_EndsWithAnExitCodeAndWords()
    {
        using var locked = LockedDatabase();
        using var process = Start("tenants", "add", "acme", "--DataDirectory", _directory.Path);

        var (exitCode, _, error) = await EndAsync(process);

        Assert.That(exitCode, Is.EqualTo(ExitCodes.DataDirectoryNotUsable), error);
        Assert.That(error, Does.Contain("another program has locked the database").And.Not.Contain("   at "));
    }

    [Test]
    [Platform("Linux", Reason = "Has a file that is always full.")]
    public async Task Command_UnforeseenFailure_EndsWithAnExitCodeAndNoSignal()
    {
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", "exec dotnet \"$0\" --help >/dev/full", typeof(ServiceOptions).Assembly.Location])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

        var (exitCode, _, error) = await EndAsync(process);

        Assert.That(exitCode, Is.EqualTo(ExitCodes.Failure), error);
        Assert.That(error, Does.Contain("IOException").And.Not.Contain("Unhandled exception"));
    }

    [Test]
    public async Task Kill_RunningService_FreesTheDataDirectory()
    {
        using var process = Start("--DataDirectory", _directory.Path, "--Port", "0", "--Address", "127.0.0.1", "--Logging:LogLevel:Default", "None");
        var address = await AddressAsync(process);
        Assert.That(address, Does.Match(@"^https://127\.0\.0\.1:[1-9]\d*$"));
        Assert.Throws<StartupException>(() => DataDirectory.Open(_directory.Path));

        process.Kill();
        await process.WaitForExitAsync();

        Assert.DoesNotThrow(() => DataDirectory.Open(_directory.Path).Dispose());
    }

    [Test]
    public async Task Start_PortInUse_EndsWithItsExitCode()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        using var process = Start("--DataDirectory", _directory.Path, "--Port", $"{port}", "--Address", "127.0.0.1");

        var (exitCode, output, error) = await EndAsync(process);

        Assert.That(exitCode, Is.EqualTo(ExitCodes.AddressNotAvailable));
        Assert.That(error, Does.Contain($"127.0.0.1:{port} cannot be listened on").And.Contain("Choose another port"));
        Assert.That(output, Is.Empty);
    }

    [TestCase(SslProtocols.Tls12)]
    [TestCase(SslProtocols.Tls13)]
    [Platform(Exclude = "Win", Reason = "A signal asks for the stop.")]
    public async Task Start_FreePort_ServesWithTheGeneratedCertificateUntilItIsStopped(SslProtocols protocol)
    {
        using var process = Start("--DataDirectory", _directory.Path, "--Port", "0", "--Address", "127.0.0.1");
        var address = await AddressAsync(process);
        using var generated = X509CertificateLoader.LoadCertificateFromFile(_directory.File("Certificates", "client-failover.crt"));
        var thumbprint = generated.GetCertHashString();
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.EnabledSslProtocols = protocol;
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.GetCertHashString() == thumbprint;
        using var client = new HttpClient(handler) { BaseAddress = new Uri(address) };

        using var live = await client.GetAsync("/healthz/live");
        using var ready = await client.GetAsync("/healthz/ready");
        using var terminate = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        var (exitCode, _, error) = await EndAsync(process);

        Assert.That((live.StatusCode, ready.StatusCode), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.Unauthorized)));
        Assert.That((exitCode, error), Is.EqualTo((ExitCodes.Success, string.Empty)));
    }

    private SqliteConnection LockedDatabase()
    {
        var file = new DatabaseFile(new StoreOptions { DataDirectory = _directory.Path });
        file.Prepare();
        var connection = file.OpenWriter();
        using var begin = new SqliteCommand("BEGIN IMMEDIATE", connection);
        begin.ExecuteNonQuery();
        return connection;
    }

    private static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(ServiceOptions).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }

    private static async Task<(int ExitCode, string Output, string Error)> EndAsync(Process process)
    {
        using var patience = new CancellationTokenSource(Patience);
        var output = process.StandardOutput.ReadToEndAsync(patience.Token);
        var error = process.StandardError.ReadToEndAsync(patience.Token);
        try
        {
            await process.WaitForExitAsync(patience.Token);
            return (process.ExitCode, await output, await error);
        }
        finally
        {
            process.Kill();
        }
    }

    private static async Task<string> AddressAsync(Process process)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (Listens().Match(line) is { Success: true } match)
            {
                return match.Groups[1].Value;
            }
        }

        throw new AssertionException(await process.StandardError.ReadToEndAsync(patience.Token));
    }

    [GeneratedRegex(@"Client Failover listens on (\S+)")]
    private static partial Regex Listens();
}
