using ClientFailover.Service.Hosting;
using ClientFailover.Service.Identity;
using Microsoft.AspNetCore.Identity;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Identity;

public class UserChangesTests
{
    private const string Good = "a good password";
    private static readonly IPasswordHasher<UserAccount> Hasher = TestHasher.Create();

    private TemporaryDirectory _directory = null!;
    private UserChanges _changes = null!;

    [SetUp]
    public void SetUp()
    {
        _directory = new TemporaryDirectory();
        _changes = new UserChanges(_directory.Path, Hasher);
    }

    [TearDown]
    public void TearDown() => _directory.Dispose();

    [Test]
    public void Add_BeforeThereIsAny_TakesAnAdministratorFirst()
    {
        Assert.That(_changes.Add("adapter", Roles.Users, Good)?.Code, Is.EqualTo("LAST_ADMINISTRATOR"));
        Assert.That(_changes.Add("admin", Roles.Administrators, Good), Is.Null);
        Assert.That(_changes.Add("adapter", Roles.Users, Good), Is.Null);

        Assert.That(Accounts(), Is.EqualTo(new[] { ("adapter", Roles.Users), ("admin", Roles.Administrators) }));
    }

    [Test]
    public void Add_NameThatExists_IsRefusedInAnyCase()
    {
        AddAdministrator();

        Assert.That(_changes.Add("ADMIN", Roles.Users, Good)?.Code, Is.EqualTo("ACCOUNT_EXISTS"));
        Assert.That(Accounts(), Is.EqualTo(new[] { ("admin", Roles.Administrators) }));
    }

    [TestCase("a:b", Good, "NAME_INVALID")]
    [TestCase("", Good, "NAME_INVALID")]
    [TestCase("adapter", "too short", "PASSWORD_REFUSED")]
    [TestCase("adapter-line", "adapter-line", "PASSWORD_REFUSED")]
    public void Add_WhatNoAccountMayHave_IsRefused(string name, string password, string code)
    {
        AddAdministrator();

        Assert.That(_changes.Add(name, Roles.Users, password)?.Code, Is.EqualTo(code));
        Assert.That(_changes.List(), Has.Count.EqualTo(1));
    }

    [Test]
    public void Remove_LastAdministrator_IsRefused()
    {
        AddAdministrator();
        _changes.Add("adapter", Roles.Users, Good);

        Assert.That(_changes.Remove("admin")?.Code, Is.EqualTo("LAST_ADMINISTRATOR"));
        Assert.That(_changes.SetRole("Admin", Roles.Users)?.Code, Is.EqualTo("LAST_ADMINISTRATOR"));
        Assert.That(_changes.Remove("adapter"), Is.Null);
        Assert.That(Accounts(), Is.EqualTo(new[] { ("admin", Roles.Administrators) }));
    }

    [Test]
    public void SetRole_OfAnother_KeepsNameAndPassword()
    {
        AddAdministrator();
        _changes.Add("Adapter", Roles.Users, "another password");

        Assert.That(_changes.SetRole("adapter", Roles.Administrators), Is.Null);

        var account = _changes.List()[0];
        Assert.That((account.Name, account.Role), Is.EqualTo(("Adapter", Roles.Administrators)));
        Assert.That(Verifies(account, "another password"), Is.True);
    }

    [Test]
    public void SetPassword_OfAnAccount_CountsInsteadOfTheOldOne()
    {
        AddAdministrator();

        Assert.That(_changes.SetPassword("ADMIN", "the next password"), Is.Null);

        var account = _changes.List().Single();
        Assert.That(account.Name, Is.EqualTo("admin"));
        Assert.That((Verifies(account, Good), Verifies(account, "the next password")), Is.EqualTo((false, true)));
    }

    [Test]
    public void Change_OfNobody_IsRefused()
    {
        AddAdministrator();

        UserRefusal?[] refusals = [_changes.Remove("nobody"), _changes.SetPassword("nobody", Good), _changes.SetRole("nobody", Roles.Users)];

        Assert.That(refusals.Select(r => r?.Code), Is.All.EqualTo("ACCOUNT_NOT_FOUND"));
    }

    [Test]
    public void Change_DamagedFile_LeavesItAsItIs()
    {
        var path = _directory.File(UserFile.Name);
        File.WriteAllText(path, "[{}]");

        Assert.Throws<InvalidDataException>(() => _changes.Add("admin", Roles.Administrators, Good));
        Assert.That(File.ReadAllText(path), Is.EqualTo("[{}]"));
    }

    [Test]
    public void Add_ManyAtOnce_LosesNone()
    {
        AddAdministrator();

        Parallel.For(0, 20, i => Assert.That(new UserChanges(_directory.Path, Hasher).Add($"adapter{i}", Roles.Users, Good), Is.Null));

        Assert.That(_changes.List(), Has.Count.EqualTo(21));
    }

    [Test]
    public void Add_WhileAnotherHoldsTheLock_WaitsForIt()
    {
        AddAdministrator();
        var other = FileLock.TryTake(_directory.File(UserFile.LockName))!;

        var add = Task.Run(() => _changes.Add("adapter", Roles.Users, Good));
        Assert.That(FileLock.TryTake(_directory.File(UserFile.LockName)), Is.Null);
        Assert.That(_changes.List(), Has.Count.EqualTo(1));
        other.Dispose();

        Assert.That(add.Result, Is.Null);
        Assert.That(_changes.List(), Has.Count.EqualTo(2));
    }

    private static bool Verifies(UserAccount account, string password) =>
        Hasher.VerifyHashedPassword(account, account.PasswordHash, password) == PasswordVerificationResult.Success;

    private void AddAdministrator() => Assert.That(_changes.Add("admin", Roles.Administrators, Good), Is.Null);

    private IEnumerable<(string Name, string Role)> Accounts() => _changes.List().Select(a => (a.Name, a.Role));
}
