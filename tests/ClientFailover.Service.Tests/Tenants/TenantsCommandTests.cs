using ClientFailover.Engine;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Liveness;
using ClientFailover.Service.Storage;
using ClientFailover.Service.Tenants;
using Microsoft.Data.Sqlite;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Tenants;

public sealed class TenantsCommandTests
{
    private TemporaryDirectory _directory = null!;

    [SetUp]
    public void SetUp() => _directory = new TemporaryDirectory();

    [TearDown]
    public void TearDown() => _directory.Dispose();

    [Test]
    public void Run_AddListRemove_DoesWhatItSays()
    {
        Assert.That(Run("list"), Is.EqualTo((0, "default\n  default\n", "")));
        Assert.That(Run("add", "Acme", "--Name", "Acme Ltd"), Is.EqualTo((0, "The tenant 'Acme' was added. It needs a namespace.\n", "")));
        Assert.That(Run("add", "acme"), Is.EqualTo((ExitCodes.Refused, "", "There is a tenant 'Acme' already.\n")));
        Assert.That(
            Run("add", "acme", "Plant", "--MaximumGroups=5", "--requestspersecond", "7"),
            Is.EqualTo((0, "The namespace 'Plant' of the tenant 'Acme' was added.\n", "")));
        Assert.That(Run("add", "ACME", "PLANT"), Is.EqualTo((ExitCodes.Refused, "", "The tenant 'Acme' has a namespace 'PLANT' already.\n")));
        Assert.That(Run("add", "nobody", "x"), Is.EqualTo((ExitCodes.Refused, "", "There is no tenant 'nobody'; add it first.\n")));
        Assert.That(Run("list"), Is.EqualTo((0, "Acme (Acme Ltd)\n  Plant, 5 groups, 7 requests a second\ndefault\n  default\n", "")));
        Assert.That(Run("set", "ACME", "plant", "--Name", "North", "--MaximumSessions", "9"), Is.EqualTo((0, "The namespace 'Plant' of the tenant 'Acme' was set.\n", "")));
        Assert.That(Run("set", "acme", "other"), Is.EqualTo((ExitCodes.Refused, "", "There is no namespace 'other' of the tenant 'acme'.\n")));
        Assert.That(Run("list"), Is.EqualTo((0, "Acme (Acme Ltd)\n  Plant (North), 9 sessions\ndefault\n  default\n", "")));
        Assert.That(Run("remove", "acme", "plant"), Is.EqualTo((0, "The namespace 'plant' of the tenant 'acme' was removed.\n", "")));
        Assert.That(Run("remove", "acme", "plant"), Is.EqualTo((ExitCodes.Refused, "", "There is no namespace 'plant' of the tenant 'acme'.\n")));
        Assert.That(Run("remove", "acme"), Is.EqualTo((0, "The tenant 'acme' was removed.\n", "")));
        Assert.That(Run("list"), Is.EqualTo((0, "default\n  default\n", "")));
    }

    [Test]
    public async Task Run_RemoveWithGroups_IsRefusedAndTheServiceLoadsTheRest()
    {
        Run("add", "acme");
        Run("add", "acme", "plant");
        await using (var store = NewStore())
        {
            await store.LoadAsync(default);
            var created = new GroupCreated(DateTime.UnixEpoch, new GroupConfiguration("g", null, null, TimeSpan.FromMinutes(1), null));
            var write = new Storage.TestWrite(new("Acme", "Plant", "g"), true, [created], 0);
            store.Append(write);
            await write.Done;
        }

        Assert.That(Run("remove", "acme", "plant"), Is.EqualTo((ExitCodes.Refused, "", "The namespace 'plant' of the tenant 'acme' has groups; delete them first.\n")));
        Assert.That(Run("remove", "acme"), Is.EqualTo((ExitCodes.Refused, "", "The tenant 'acme' has groups; delete them first.\n")));
        await using var again = NewStore();
        await again.LoadAsync(default);
        Assert.That((await again.LoadTenantsAsync(default)).Namespaces.Select(n => n.Id), Is.EquivalentTo(new[] { "default", "plant" }));
    }

    [Test]
    public async Task Run_SetDefault_LimitsTheServiceThatStartsNext()
    {
        Assert.That(Run("set", "default", "default", "--MaximumGroups", "3").Code, Is.Zero);
        Assert.That(Run("list"), Is.EqualTo((0, "default\n  default, 3 groups\n", "")));

        await using var store = NewStore();
        await store.LoadAsync(default);
        var stored = await store.LoadTenantsAsync(default);
        using var bench = new Groups.OwnerBench();
        bench.Tenants.Restore(stored);

        Assert.That(bench.Tenants.Find("default", "default")!.TryTake(4, 0), Is.EqualTo(new LimitReached(LimitKind.Groups, 3)));
    }

    [TestCase("default")]
    [TestCase("DEFAULT", "default")]
    public void Run_RemoveDefault_IsRefused(params string[] ids) =>
        Assert.That(Run(["remove", .. ids]), Is.EqualTo((ExitCodes.Refused, "", "The default tenant and namespace always exist.\n")));

    [TestCase("Limits are those of a namespace, and none is named.", "add", "acme", "--MaximumGroups", "3")]
    [TestCase("Limits.MaximumGroups must be from 1 to 100000000, or absent.", "add", "acme", "n", "--MaximumGroups", "0")]
    [TestCase("MaximumGroups is 'x'; it must be a whole number.", "add", "acme", "n", "--MaximumGroups", "x")]
    [TestCase("--Name needs a value.", "add", "acme", "--Name")]
    [TestCase("The tenant must have 1 to 256 characters", "add", "a/b")]
    [TestCase("--Nonsense is not a setting of the service", "list", "--Nonsense", "1")]
    [TestCase("tenants add TENANT [NAMESPACE]", "add")]
    [TestCase("tenants add TENANT [NAMESPACE]", "remove", "a", "b", "c")]
    [TestCase("tenants add TENANT [NAMESPACE]", "rename", "a")]
    [TestCase("tenants set TENANT NAMESPACE", "set", "a")]
    [TestCase("Limits.MaximumGroups must be from 1 to 100000000, or absent.", "set", "default", "default", "--MaximumGroups", "0")]
    [TestCase("tenants add TENANT [NAMESPACE]")]
    public void Run_Mistake_IsToldAndNothingIsMade(string told, params string[] arguments)
    {
        var (code, output, error) = Run(arguments);

        Assert.That((code, output), Is.EqualTo((ExitCodes.InvalidSettings, "")));
        Assert.That(error, Does.Contain(told));
        Assert.That(File.Exists(_directory.File(DatabaseFile.FileName)), Is.False);
    }

    [Test]
    public void Run_ListWithoutDatabase_MakesNone()
    {
        var data = _directory.File("data");

        var (code, output, _) = Run(["list", "--DataDirectory", data]);

        Assert.That((code, output, Directory.Exists(data)), Is.EqualTo((ExitCodes.Success, "default\n  default\n", false)));
        Assert.That(Run("list").Output, Is.EqualTo("default\n  default\n"));
        Assert.That(File.Exists(_directory.File(DatabaseFile.FileName)), Is.False);
    }

    [Test]
    public void Run_ListOfAnOlderDatabase_IsRefusedAndDoesNotMigrate()
    {
        Run("add", "acme");
        var older = SchemaMigrations.Latest - 1;
        SetVersion(older);

        var (code, output, error) = Run("list");

        Assert.That((code, output), Is.EqualTo((ExitCodes.Refused, "")));
        Assert.That(error, Does.Contain("older version").And.Contain($"{older}"));
        using var connection = Connect();
        Assert.That(connection.Scalar("PRAGMA user_version"), Is.EqualTo(older));
    }

    [Test]
    public void Run_DatabaseLocked_SaysSoAndChangesNothing()
    {
        Run("add", "acme");
        using (var other = Connect())
        using (other.BeginTransaction(deferred: false))
        {
            var (code, output, error) = Run("add", "other");

            Assert.That((code, output), Is.EqualTo((ExitCodes.DataDirectoryNotUsable, "")));
            Assert.That(error, Does.Contain(_directory.Path).And.Contain("another program has locked the database"));
        }

        Assert.That(Run("list").Output, Is.EqualTo("acme\ndefault\n  default\n"));
    }

    [Test]
    public void Run_ServiceRuns_NamesTheRoute()
    {
        using var data = DataDirectory.Open(_directory.Path);

        var (code, _, error) = Run("add", "acme");

        Assert.That(code, Is.EqualTo(ExitCodes.DataDirectoryInUse));
        Assert.That(error, Does.Contain("/api/v1/tenants"));
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={_directory.File(DatabaseFile.FileName)};Pooling=False");
        connection.Open();
        return connection;
    }

    private void SetVersion(long version)
    {
        using var connection = Connect();
        connection.Run($"PRAGMA user_version = {version}");
    }

    private SqliteGroupStore NewStore() => new(
        Microsoft.Extensions.Options.Options.Create(new StoreOptions { DataDirectory = _directory.Path }),
        TimeProvider.System,
        new Pulses(TimeProvider.System),
        Microsoft.Extensions.Logging.Abstractions.NullLogger<SqliteGroupStore>.Instance);

    private (int Code, string Output, string Error) Run(params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        string[] settings = arguments.Contains("--DataDirectory") || arguments.Length == 0 || !Array.Exists(arguments, a => a is "list" or "add" or "set" or "remove") ? [] : ["--DataDirectory", _directory.Path];
        string[] all = arguments is [.., "--Name"] ? [arguments[0], arguments[1], .. settings, "--Name"] : [.. arguments, .. settings];
        var code = TenantsCommand.Run(all, _directory.Path, output, error);
        SqliteConnection.ClearAllPools();
        return (code, output.ToString(), error.ToString());
    }
}
