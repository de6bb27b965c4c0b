using ClientFailover.Service.Groups;
using ClientFailover.Service.Storage;
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
    public void FindOrAdd_StoreCannotBeWritten_MakesNoOwner()
    {
        using var bench = new OwnerBench();
        bench.Store.Health = new StoreHealth(false, "The disk is full.");

        Assert.That(() => bench.Directory.FindOrAdd(OwnerBench.Key("G")), Throws.TypeOf<StoreUnavailableException>());
        Assert.That(bench.Directory.Owners, Is.Empty);
    }
}
