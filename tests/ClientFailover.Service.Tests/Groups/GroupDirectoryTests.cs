using ClientFailover.Engine;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Storage;
using ClientFailover.Service.Tenants;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Groups;

public sealed class GroupDirectoryTests
{
    [TestCase("Group1", "gROUP1")]
    [TestCase("Straßenbahn-Ä", "STRAßENBAHN-ä")]
    [TestCase("Ωmega", "ωMEGA")]
    public async Task Find_OtherCase_IsTheSameOwner(string created, string asked)
    {
        using var bench = new OwnerBench();
        var owner = await bench.GroupAsync(created);

        Assert.That(bench.Directory.Find(OwnerBench.Key(asked)), Is.SameAs(owner));
    }

    [Test]
    public async Task Find_OtherNamespace_IsNobody()
    {
        using var bench = new OwnerBench();
        await bench.GroupAsync();

        Assert.That(bench.Directory.Find(new GroupKey("default", "other", "G")), Is.Null);
        Assert.That(bench.Directory.List("other", "default"), Is.Empty);
    }

    [Test]
    public async Task List_SeveralGroups_IsInTheOrderOfIds()
    {
        using var bench = new OwnerBench();
        foreach (var id in new[] { "b", "C", "A", "a1" })
        {
            await bench.GroupAsync(id);
        }

        Assert.That(bench.Directory.List("DEFAULT", "default").Select(o => o.Key.Group), Is.EqualTo(["A", "a1", "b", "C"]));
    }

    [Test]
    public async Task List_GroupsComeAndGo_IsMadeAnewThenAndOnlyThen()
    {
        using var bench = new OwnerBench();
        await bench.Tenants.CreateAsync(new TenantRecord("acme", null, null), default);
        await bench.Tenants.CreateAsync(new NamespaceRecord("acme", "plant", null, null, NamespaceLimits.AsSetUp), default);
        await bench.GroupAsync("b");
        var first = bench.Directory.List("default", "default");

        Assert.That(bench.Directory.List("DEFAULT", "Default"), Is.SameAs(first));
        await bench.Directory.FindOrAdd(new GroupKey("acme", "plant", "x")).ChangeAsync(
            new CreateGroup(new RequestedGroup("x", null, null, OwnerBench.FailoverTimeout, null), OwnerBench.FailoverTimeout), default);
        await bench.Directory.Find(OwnerBench.Key("b"))!.EnsureSessionAsync(new RegisterSession("S", null, null), default);
        Assert.That(bench.Directory.List("default", "default"), Is.SameAs(first), "Nothing of it was created or deleted.");

        await bench.GroupAsync("a");
        Assert.That(bench.Directory.List("default", "default").Select(o => o.Key.Group), Is.EqualTo(["a", "b"]));
        await bench.Directory.Find(OwnerBench.Key("a"))!.ChangeAsync(new DeleteGroup(), default);
        Assert.That(bench.Directory.List("default", "default").Select(o => o.Key.Group), Is.EqualTo(["b"]));
        await bench.GroupAsync("A");
        Assert.That(bench.Directory.List("default", "default").Select(o => o.Key.Group), Is.EqualTo(["a", "b"]));
        Assert.That(bench.Directory.List("acme", "plant").Select(o => o.Key.Group), Is.EqualTo(["x"]));
    }

    [Test]
    public void FindOrAdd_StoreCannotBeWritten_MakesNoOwner()
    {
        using var bench = new OwnerBench();
        bench.Store.Health = new StoreHealth(false, "The disk is full.");

        Assert.That(() => bench.Directory.FindOrAdd(OwnerBench.Key("G")), Throws.TypeOf<StoreUnavailableException>());
        Assert.That(bench.Directory.Owners, Is.Empty);
    }

    [Test]
    public async Task FindOrAdd_NamespaceHasAllItsGroups_MakesNoOwner()
    {
        using var bench = new OwnerBench(limits: new NamespaceOptions { MaxGroups = 1 });
        var owner = await bench.GroupAsync("G");

        Assert.That(() => bench.Directory.FindOrAdd(OwnerBench.Key("H")), Throws.TypeOf<LimitReachedException>().With.Property("Limit").EqualTo(new LimitReached(LimitKind.Groups, 1)));

        Assert.That(bench.Directory.FindOrAdd(OwnerBench.Key("g")), Is.SameAs(owner));
        Assert.That(bench.Directory.Owners.Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task FindOrAdd_EverNewIds_ComeToAnEnd()
    {
        using var bench = new OwnerBench(limits: new NamespaceOptions { MaxGroups = 1 });
        await bench.GroupAsync("G");
        await bench.Directory.Find(OwnerBench.Key("G"))!.ChangeAsync(new DeleteGroup(), default);
        var made = 1;
        LimitReached? limit = null;
        while (limit is null && made < 20_000)
        {
            try
            {
                bench.Directory.FindOrAdd(OwnerBench.Key($"N{made}"));
                made++;
            }
            catch (LimitReachedException e)
            {
                limit = e.Limit;
            }
        }

        Assert.That((limit, made), Is.EqualTo((new LimitReached(LimitKind.Ids, 10_004), 10_004)));
        Assert.That((await bench.GroupAsync("G")).Configuration, Is.Not.Null, "An id that is remembered may be used again.");
    }

    [Test]
    public async Task Restore_GroupsThatWereDeleted_CountAsIds()
    {
        using var bench = new OwnerBench(limits: new NamespaceOptions { MaxGroups = 1 });
        bench.Directory.Restore(Enumerable.Range(0, 10_004).Select(i => new StoredGroup(OwnerBench.Key($"D{i}"), DurableGroup.Absent)));

        Assert.That(() => bench.Directory.FindOrAdd(OwnerBench.Key("N")), Throws.TypeOf<LimitReachedException>());
        Assert.That((await bench.GroupAsync("D7")).Configuration, Is.Not.Null);
    }

    [Test]
    public async Task Change_NamespaceIsRemovedMeanwhile_CreatesNothing()
    {
        using var bench = new OwnerBench();
        await bench.Tenants.CreateAsync(new TenantRecord("acme", null, null), default);
        await bench.Tenants.CreateAsync(new NamespaceRecord("acme", "plant", null, null, NamespaceLimits.AsSetUp), default);
        var key = new GroupKey("acme", "plant", "G");
        var owner = bench.Directory.FindOrAdd(key);
        await bench.Tenants.DeleteAsync("acme", default);

        var result = await owner.ChangeAsync(new CreateGroup(new RequestedGroup("G", null, null, OwnerBench.FailoverTimeout, null), OwnerBench.FailoverTimeout), default);

        Assert.That(result.Limit, Is.EqualTo(LimitReached.Removed));
        Assert.That(bench.Directory.Find(key), Is.Null);
        Assert.That(() => bench.Directory.FindOrAdd(key with { Group = "H" }), Throws.TypeOf<LimitReachedException>());
    }
}
