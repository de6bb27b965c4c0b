using ClientFailover.Engine;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Storage;
using ClientFailover.Service.Tenants;
using ClientFailover.Service.Tests.Groups;
using ClientFailover.Service.Tests.Storage;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Tenants;

public sealed class TenantDirectoryTests
{
    private static readonly TenantRecord Acme = new("Acme", null, null);
    private static readonly NamespaceRecord Plant = new("acme", "Plant", null, null, new NamespaceLimits(1, 1, null));

    [Test]
    public async Task CreateAsync_BeforeItIsDurable_IsNotThere()
    {
        using var bench = new OwnerBench();
        bench.Store.AnswersAtOnce = false;

        var creating = bench.Tenants.CreateAsync(Acme, default);
        bench.AwaitWrites(1);
        Assert.That((creating.IsCompleted, bench.Tenants.FindTenant("acme")), Is.EqualTo((false, (TenantRecord?)null)));
        bench.Store.Answer();

        Assert.That((await creating, bench.Tenants.FindTenant("ACME")), Is.EqualTo((TenantOutcome.Created, Acme)));
    }

    [Test]
    public async Task DeleteAsync_StoreCannotBeWritten_LeavesTheNamespaceInUse()
    {
        using var bench = new OwnerBench();
        await bench.Tenants.CreateAsync(Acme, default);
        await bench.Tenants.CreateAsync(Plant, default);
        bench.Store.AnswersAtOnce = false;

        var deleting = bench.Tenants.DeleteAsync("acme", default);
        bench.AwaitWrites(1);
        Assert.That(bench.Tenants.Find("acme", "plant")!.TryTake(1, 0)!.Kind, Is.EqualTo(LimitKind.Removed));
        bench.Store.Answer(StoreOutcome.Refused);

        Assert.That(async () => await deleting, Throws.TypeOf<StoreUnavailableException>());
        Assert.That(bench.Tenants.Find("acme", "plant")!.TryTake(1, 0), Is.Null);
    }

    [Test]
    public async Task DeleteAsync_GroupOnItsWay_IsRefused()
    {
        using var bench = new OwnerBench();
        await bench.Tenants.CreateAsync(Acme, default);
        await bench.Tenants.CreateAsync(Plant, default);
        bench.Store.AnswersAtOnce = false;
        var creating = bench.Directory.FindOrAdd(new GroupKey("acme", "plant", "g")).ChangeAsync(Create("g"), default);
        bench.AwaitWrites(1);

        Assert.That(await bench.Tenants.DeleteAsync("acme", "plant", default), Is.EqualTo(TenantOutcome.HasGroups));
        bench.Store.Answer();
        Assert.That((await creating).Created, Is.True);
    }

    [Test]
    public async Task ChangeAsync_StoreRefusesAGroup_GivesItsRoomBack()
    {
        using var bench = new OwnerBench();
        await bench.Tenants.CreateAsync(Acme, default);
        await bench.Tenants.CreateAsync(Plant, default);
        var owner = bench.Directory.FindOrAdd(new GroupKey("acme", "plant", "g"));
        var other = bench.Directory.FindOrAdd(new GroupKey("acme", "plant", "h"));
        bench.Store.AnswersAtOnce = false;
        var refused = owner.ChangeAsync(Create("g"), default);
        bench.AwaitWrites(1);
        bench.Store.Answer(StoreOutcome.Refused);
        Assert.That(async () => await refused, Throws.TypeOf<StoreUnavailableException>());
        bench.Store.AnswersAtOnce = true;

        Assert.That((await owner.ChangeAsync(Create("g"), default)).Created, Is.True);
        var second = await other.ChangeAsync(Create("h"), default);
        Assert.That(second.Limit, Is.EqualTo(new LimitReached(LimitKind.Groups, 1)));
    }

    [Test]
    public async Task ChangeAsync_GroupDeletedWithItsSessions_GivesAllOfTheirRoomBack()
    {
        using var bench = new OwnerBench(limits: new NamespaceOptions { MaxGroups = 1, MaxSessions = 2 });
        for (var round = 0; round < 3; round++)
        {
            var owner = await bench.GroupAsync($"G{round}", "A", "B");
            Assert.That(owner.ReadSession("B"), Is.Not.Null);
            Assert.That(
                (await owner.EnsureSessionAsync(new RegisterSession("C", null, null), default)).Limit, Is.EqualTo(new LimitReached(LimitKind.Sessions, 2)));

            // Nobody is heard from for so long that all have timed out.
            bench.Pass(OwnerBench.FailoverTimeout * 4);
            Assert.That((await owner.ChangeAsync(new DeleteGroup(), default)).Changed, Is.True);
            Assert.That(() => bench.Tenants.Find(OwnerBench.Tenant, OwnerBench.Tenant)!.TryClose(), Is.True.After(60_000, 1));
            bench.Tenants.Find(OwnerBench.Tenant, OwnerBench.Tenant)!.Reopen();
        }
    }

    [Test]
    public async Task ChangeAsync_GroupHasAsManySessionsAsOneMay_OnlyOthersGetMore()
    {
        using var bench = new OwnerBench(limits: new NamespaceOptions { MaxSessionsPerGroup = 2 });
        var owner = await bench.GroupAsync("G", "A", "B");
        var third = new RegisterSession("C", null, null);

        Assert.That((await owner.ChangeAsync(third, default)).Limit, Is.EqualTo(new LimitReached(LimitKind.SessionsOfGroup, 2)));
        Assert.That((await owner.EnsureSessionAsync(third, default)).Limit, Is.EqualTo(new LimitReached(LimitKind.SessionsOfGroup, 2)));
        Assert.That(owner.ReadSession("C"), Is.Null);
        Assert.That(await owner.ChangeAsync(new RegisterSession("A", "with a name", null), default), Is.EqualTo(new ChangeResult(true, null)), "It is there already.");
        Assert.That((await bench.GroupAsync("H", "C")).ReadSession("C"), Is.Not.Null);

        await owner.ChangeAsync(new UnregisterSession("B"), default);
        Assert.That((await owner.ChangeAsync(third, default)).Created, Is.True);
    }

    [Test]
    public async Task LoadTenantsAsync_AddedAndDeleted_IsWhatIsLeft()
    {
        await using var bench = new StoreBench();
        await bench.LoadAsync();
        var north = new NamespaceRecord("Acme", "North", "n", "d", new NamespaceLimits(1, null, 3));
        await WriteAsync(bench, sql => sql.AddTenant(Acme with { Name = "N", Description = "D" }));
        await WriteAsync(bench, sql => sql.AddNamespace(north));
        await WriteAsync(bench, sql => sql.AddNamespace(north with { Id = "South" }));
        await WriteAsync(bench, sql => sql.AddTenant(new TenantRecord("Gone", null, null)));
        await WriteAsync(bench, sql => sql.AddNamespace(north with { TenantId = "gone" }));
        await WriteAsync(bench, sql => sql.DeleteNamespace("ACME", "south"));
        await WriteAsync(bench, sql => sql.DeleteTenant("GONE"));

        await bench.RestartAsync();
        var stored = await bench.Store.LoadTenantsAsync(default);

        Assert.That(stored.Tenants, Is.EquivalentTo(new[] { new TenantRecord("default", null, null), Acme with { Name = "N", Description = "D" } }));
        Assert.That(
            stored.Namespaces,
            Is.EquivalentTo(new[] { new NamespaceRecord("default", "default", null, null, NamespaceLimits.AsSetUp), north }));
    }

    private static CreateGroup Create(string id) => new(new RequestedGroup(id, null, null, null, null), OwnerBench.FailoverTimeout);

    private static async Task WriteAsync(StoreBench bench, Action<TenantStatements> write)
    {
        var change = new TenantWrite("t", "n", write, () => { });
        bench.Store.Append(change);
        Assert.That(await change.Stored.WaitAsync(TimeSpan.FromSeconds(60)), Is.True);
    }
}
