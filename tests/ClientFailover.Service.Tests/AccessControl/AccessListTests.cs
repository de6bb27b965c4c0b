using ClientFailover.Service.AccessControl;
using ClientFailover.Service.Identity;
using NUnit.Framework;
using static ClientFailover.Service.AccessControl.AccessRights;

namespace ClientFailover.Service.Tests.AccessControl;

public sealed class AccessListTests
{
    private static readonly AccessEntry UsersReadAndWrite = new(TrusteeType.Role, Roles.Users, null, false, Read | Write);

    [Test]
    public void Default_UsersAndAdministrators_HaveTheDocumentedRights() => Assert.Multiple(() =>
    {
        Assert.That(RightsOf(AccessList.Default, TestCallers.Adapter), Is.EqualTo(Read | Write));
        Assert.That(RightsOf(AccessList.Default, TestCallers.Administrator), Is.EqualTo(All));
        Assert.That(RightsOf(AccessList.Default, TestCallers.Of("nobody", null)), Is.EqualTo(None));
    });

    [Test]
    public void Allows_DeniedInAnyEntry_IsDeniedWhateverTheOrder([Values] bool denyFirst)
    {
        var deny = new AccessEntry(TrusteeType.User, "ADAPTER", null, true, Write);
        var list = denyFirst ? new AccessList([deny, UsersReadAndWrite]) : new AccessList([UsersReadAndWrite, deny]);

        Assert.That(RightsOf(list, TestCallers.Adapter), Is.EqualTo(Read));
        Assert.That(RightsOf(list, TestCallers.Of("other", null, Roles.Users)), Is.EqualTo(Read | Write));
    }

    [TestCase(CallerKind.User, TrusteeType.User, Read)]
    [TestCase(CallerKind.Client, TrusteeType.Client, Read)]
    [TestCase(CallerKind.User, TrusteeType.Client, None)]
    [TestCase(CallerKind.Client, TrusteeType.User, None)]
    public void Allows_SameIdOfAnotherKind_IsNotMeant(object kind, object type, object expected)
    {
        var caller = TestCallers.Adapter with { Kind = (CallerKind)kind };

        Assert.That(RightsOf(new AccessList([new((TrusteeType)type, caller.ObjectId, null, false, Read)]), caller), Is.EqualTo(expected));
    }

    [TestCase(null, null, Read)]
    [TestCase(null, "a", Read)]
    [TestCase("A", "a", Read)]
    [TestCase("a", "b", None)]
    [TestCase("a", null, None)]
    [TestCase("default", null, Read)]
    [TestCase("default", "DEFAULT", Read)]
    [TestCase("default", "a", None)]
    public void Allows_TenantOfTheTrustee_MustBeTheCallersIfItIsNamed(string? named, string? own, object expected)
    {
        var caller = TestCallers.Of("x", own, Roles.Users);
        var denied = (AccessRights)expected == Read ? None : Read;

        Assert.That(RightsOf(new AccessList([new(TrusteeType.User, "x", named, false, Read)]), caller), Is.EqualTo(expected));
        Assert.That(RightsOf(new AccessList([new(TrusteeType.Role, Roles.Users, named, false, Read)]), caller), Is.EqualTo(expected));
        Assert.That(RightsOf(new AccessList([UsersReadAndWrite, new(TrusteeType.User, "x", named, true, Read | Write)]), caller), Is.EqualTo(denied == None ? None : Read | Write));
    }

    [Test]
    public void Allows_AdministratorDeniedEverything_KeepsWhatSetsAnotherList()
    {
        var list = new AccessList(
        [
            new(TrusteeType.User, "admin", null, true, All),
            new(TrusteeType.Role, Roles.Users, null, true, All),
        ]);

        Assert.That(RightsOf(list, TestCallers.Administrator), Is.EqualTo(Read | ManageAccessControl));
        Assert.That(RightsOf(list, TestCallers.Of("both", null, Roles.Users, Roles.Administrators)), Is.EqualTo(Read | ManageAccessControl));
    }

    [Test]
    public void Allows_AskedAgain_IsWorkedOutOnceForEachCallerAndAllocatesNothing()
    {
        var list = new AccessList([UsersReadAndWrite]);
        list.Allows(TestCallers.Adapter, Read);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var allowed = true;
        for (var i = 0; i < 1000; i++)
        {
            allowed &= list.Allows(TestCallers.Adapter, Read | Write);
        }

        Assert.That((allowed, GC.GetAllocatedBytesForCurrentThread() - before), Is.EqualTo((true, 0L)));
    }

    [Test]
    public void Text_WrittenAndRead_IsTheSame()
    {
        AccessEntry[] entries =
        [
            UsersReadAndWrite,
            new(TrusteeType.User, "PLANT\\ü", "tenant", true, None),
            new(TrusteeType.Client, "0b1c", null, false, All),
        ];

        Assert.That(AccessListText.Read(AccessListText.Write(new AccessList(entries))).Entries, Is.EqualTo(entries));
    }

    private static AccessRights RightsOf(AccessList list, Caller caller) =>
        Enum.GetValues<AccessRights>().Where(r => r is not (None or All) && list.Allows(caller, r)).Aggregate(None, (a, r) => a | r);
}
