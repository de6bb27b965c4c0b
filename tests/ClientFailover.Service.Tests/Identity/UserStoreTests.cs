using System.Text.Json;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Identity;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Identity;

public class UserStoreTests
{
    private static readonly IPasswordHasher<UserAccount> Hasher = TestHasher.Create();

    private TemporaryDirectory _directory = null!;
    private DataDirectory _data = null!;
    private FakeTimeProvider _time = null!;
    private RecordingLogger<UserStore> _log = null!;

    private string Users => _directory.File("users.json");

    [SetUp]
    public void SetUp()
    {
        _directory = new TemporaryDirectory();
        _data = DataDirectory.Open(_directory.Path);
        _time = new FakeTimeProvider();
        _log = new RecordingLogger<UserStore>();
    }

    [TearDown]
    public void TearDown()
    {
        _data.Dispose();
        _directory.Dispose();
    }

    [Test]
    public void Open_FirstTime_MakesTheTwoAccounts()
    {
        var store = Open();

        var text = File.ReadAllText(_directory.File("initial-accounts.json"));
        var accounts = JsonSerializer.Deserialize<Dictionary<string, string>[]>(text)!;
        Assert.That(accounts.Select(a => a.Keys), Is.All.EqualTo(new[] { "Name", "Password", "Role" }));
        Assert.That(accounts.Select(a => a["Role"]), Is.EqualTo(new[] { "AVEVAFailoverAdministrators", "AVEVAFailoverUsers" }));
        Assert.That(accounts.Select(a => a["Password"].Length), Is.All.EqualTo(24));
        foreach (var account in accounts)
        {
            Assert.That(store.TryFind(account["Name"], out var found), Is.True);
            Assert.That(found!.Role, Is.EqualTo(account["Role"]));
            Assert.That(
                Hasher.VerifyHashedPassword(found, found.PasswordHash, account["Password"]),
                Is.EqualTo(PasswordVerificationResult.Success));
            Assert.That(File.ReadAllText(Users), Does.Not.Contain(account["Password"]));
            Assert.That(_log.Entries.Select(e => e.Text), Has.None.Contain(account["Password"]));
        }

        Assert.That(_log.Entries.Single().Text, Does.Contain(_directory.File("initial-accounts.json")));
    }

    [Test]
    public void Open_FirstTime_PasswordsAreRandom()
    {
        Open();
        using var other = new TemporaryDirectory();
        using var otherData = DataDirectory.Open(other.Path);
        UserStore.Open(otherData, Hasher, _time, _log);

        Assert.That(File.ReadAllText(other.File("initial-accounts.json")), Is.Not.EqualTo(File.ReadAllText(_directory.File("initial-accounts.json"))));
    }

    [Test]
    public void Open_FirstTime_FilesAreForTheAccountAlone()
    {
        Open();

        if (!OperatingSystem.IsWindows())
        {
            foreach (var name in (string[])["users.json", "initial-accounts.json"])
            {
                Assert.That(Convert.ToString((int)File.GetUnixFileMode(_directory.File(name)), 8), Is.EqualTo("600"), name);
            }
        }
    }

    [Test]
    public void Open_Again_KeepsTheAccounts()
    {
        Open();
        var before = File.ReadAllText(Users);
        File.Delete(_directory.File("initial-accounts.json"));

        Open();

        Assert.That(File.ReadAllText(Users), Is.EqualTo(before));
        Assert.That(File.Exists(_directory.File("initial-accounts.json")), Is.False);
    }

    [TestCase("{")]
    [TestCase("[null]")]
    [TestCase("""[{"Name":"a","PasswordHash":"AQ=="}]""")]
    [TestCase("""[{"Name":"a","PasswordHash":"AQ==","Role":"Root"}]""")]
    [TestCase("""[{"Name":"a:b","PasswordHash":"AQ==","Role":"AVEVAFailoverUsers"}]""")]
    [TestCase("""[{"Name":"a","PasswordHash":"?","Role":"AVEVAFailoverUsers"}]""")]
    [TestCase("""[{"Name":"a","PasswordHash":"AQ==","Role":"AVEVAFailoverUsers"},{"Name":"A","PasswordHash":"AQ==","Role":"AVEVAFailoverUsers"}]""")]
    public void Open_DamagedFile_IsRefusedAndLeftAsItIs(string json)
    {
        File.WriteAllText(Users, json);

        var refusal = Assert.Throws<StartupException>(() => Open())!;

        Assert.That(refusal.ExitCode, Is.EqualTo(ExitCodes.DataNotReadable));
        Assert.That(refusal.Message, Does.Contain(Users));
        Assert.That(File.ReadAllText(Users), Is.EqualTo(json));
    }

    [TestCase("user")]
    [TestCase("USER")]
    [TestCase("DOMAIN\\user")]
    public void TryFind_NameInAnyForm_IsFound(string name)
    {
        Write(("user", "1", Roles.Users));

        Assert.That(Open().TryFind(name, out var account), Is.True);
        Assert.That(account!.Name, Is.EqualTo("user"));
    }

    [Test]
    public void TryFind_AccountWithDomain_BeatsTheOneWithout()
    {
        Write(("user", "1", Roles.Users), ("PLANT\\user", "2", Roles.Users));
        var store = Open();

        store.TryFind("plant\\USER", out var account);

        Assert.That(account!.Name, Is.EqualTo("PLANT\\user"));
    }

    [Test]
    public void Refresh_FileChanged_CountsAfterASecond()
    {
        Write(("stays", "1", Roles.Users), ("changes", "1", Roles.Users), ("goes", "1", Roles.Users));
        var store = Open();
        var before = Find(store, "stays", "changes", "goes");

        Write(("stays", "1", Roles.Users), ("changes", "22", Roles.Users), ("comes", "1", Roles.Users));
        store.Refresh();
        Assert.That(store.TryFind("goes", out _), Is.True, "not looked at yet");
        _time.Advance(TimeSpan.FromSeconds(1));
        store.Refresh();

        Assert.That(store.TryFind("goes", out _), Is.False);
        Assert.That(store.TryFind("comes", out _), Is.True);
        Assert.That(Find(store, "stays")[0], Is.SameAs(before[0]));
        Assert.That(before.Select(a => a.IsRevoked), Is.EqualTo(new[] { false, true, true }));
    }

    [Test]
    public void Refresh_FileDamagedOrGone_ChangesNothingAndIsLogged()
    {
        Write(("user", "1", Roles.Users));
        var store = Open();

        File.WriteAllText(Users, "damaged");
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(store.TryFind("user", out _), Is.True);
        File.Delete(Users);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(store.TryFind("user", out var account), Is.True);

        Assert.That(account!.IsRevoked, Is.False);
        Assert.That(_log.Entries.Select(e => (e.Level, e.Id)), Is.EqualTo(new[] { (LogLevel.Error, 3002), (LogLevel.Error, 3002) }));
    }

    [Test]
    public void Refresh_FileHeldByAnotherProgram_IsReadWhenItIsFreeAndToldOnce()
    {
        Write(("user", "1", Roles.Users), ("removed", "1", Roles.Users));
        var store = Open();
        Write(("user", "1", Roles.Users));

        using (new FileStream(Users, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            for (var i = 0; i < 3; i++)
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                Assert.That(store.TryFind("removed", out _), Is.True);
            }
        }

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.That(store.TryFind("removed", out _), Is.False);
        Assert.That(_log.Entries.Select(e => e.Id), Is.EqualTo(new[] { 3002, 3001 }));
    }

    private static UserAccount[] Find(UserStore store, params string[] names) =>
        [.. names.Select(n => store.TryFind(n, out var account) ? account : throw new AssertionException(n))];

    private UserStore Open() => UserStore.Open(_data, Hasher, _time, _log);

    private void Write(params (string Name, string Password, string Role)[] accounts) =>
        UserFile.Write(Users, accounts.Select(a => new UserAccount(a.Name, Convert.ToBase64String(new byte[a.Password.Length]), a.Role)));

    [TestCase("{ nonsense", "line 1, byte 2")]
    [TestCase("null", "line 1, byte 1")]
    [TestCase("[\n  {\"Name\": 5}\n]", "line 2, byte 13")]
    public void Read_NoArrayOfAccounts_SaysWhereInWordsOfItsOwn(string content, string place)
    {
        using var directory = new TemporaryDirectory();
        var path = directory.File(UserFile.Name);
        File.WriteAllText(path, content);

        Assert.That(
            () => UserFile.Read(path),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(
                $"{path} is not valid: it is not a JSON array of accounts [{{\"Name\",\"PasswordHash\",\"Role\"}}], {place}."));
    }
}
