using ClientFailover.Engine;
using ClientFailover.Service.AccessControl;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Identity;
using ClientFailover.Service.Storage;
using ClientFailover.Service.Tenants;
using Microsoft.Data.Sqlite;
using NUnit.Framework;
using static ClientFailover.Service.Tests.Storage.StoreBench;

namespace ClientFailover.Service.Tests.Storage;

public sealed class AccessListStoreTests
{
    private static readonly AccessList Denied = Of(AccessRights.Write);
    private static readonly AccessList Other = Of(AccessRights.Read);
    private static readonly NamespaceRecord Namespace = new("tenant", "namespace", null, null, NamespaceLimits.AsSetUp);
    private static readonly GroupKey Collection = AccessLists.Collection(Key("g").Tenant, Key("g").Namespace);

    [Test]
    public async Task LoadAccessListsAsync_SetAndSetAgain_IsTheLast()
    {
        await using var bench = await StartAsync(Created("Pump"));
        await SetAsync(bench, Key("pump"), Other);
        await SetAsync(bench, Key("PUMP"), Denied);
        await SetAsync(bench, Collection, Other);

        Assert.That(await RestartAsync(bench), Is.EquivalentTo(new[] { (Key("Pump"), Text(Denied)), (Collection, Text(Other)) }));
    }

    [Test]
    public async Task LoadAccessListsAsync_GroupCreatedAndDeleted_InheritsAndForgets()
    {
        await using var bench = await StartAsync();
        await SetAsync(bench, Collection, Denied);
        await bench.WriteAsync(Key("a"), true, Created("a"));
        await bench.WriteAsync(Key("b"), true, Created("b"));
        await SetAsync(bench, Collection, Other);
        await bench.WriteAsync(Key("b"), true, new GroupDeleted(Noon));

        Assert.That(await RestartAsync(bench), Is.EquivalentTo(new[] { (Key("a"), Text(Denied)), (Collection, Text(Other)) }));
    }

    [Test]
    public async Task SetAccessList_OfAGroupThatIsGone_IsNotKept()
    {
        await using var bench = await StartAsync(Created("g"));
        await bench.WriteAsync(Key("g"), true, new GroupDeleted(Noon));

        await SetAsync(bench, Key("g"), Denied);
        await SetAsync(bench, Key("never"), Denied);

        Assert.That(await RestartAsync(bench), Is.Empty);
    }

    [Test]
    public async Task SetAccessList_OfANamespaceThatIsGone_IsNotInheritedByTheNextOfThatId()
    {
        await using var bench = await StartAsync();
        await ChangeAsync(bench, sql => sql.DeleteNamespace("tenant", "namespace"));

        await SetAsync(bench, Collection, Denied);
        await ChangeAsync(bench, sql => sql.AddNamespace(Namespace));
        await bench.WriteAsync(Key("g"), true, Created("g"));

        Assert.That(await RestartAsync(bench), Is.Empty);
    }

    [Test]
    public async Task SetAccessList_StoreCannotBeWritten_IsRefused()
    {
        await using var bench = await StartAsync(Created("g"));
        await SetAsync(bench, Key("g"), Other);
        using (var other = bench.Connect())
        {
            using var locked = other.BeginTransaction();
            Assert.That(await SetAsync(bench, Key("g"), Denied), Is.EqualTo(StoreOutcome.Refused));
        }

        Assert.That(await RestartAsync(bench), Is.EqualTo(new[] { (Key("g"), Text(Other)) }));
    }

    [Test]
    public async Task LoadAccessListsAsync_EntriesThatAreNoJson_SaysThatTheDatabaseIsDamaged()
    {
        await using var bench = await StartAsync(Created("g"));
        await SetAsync(bench, Key("g"), Other);
        using (var connection = bench.Connect())
        {
            new SqliteCommand("UPDATE access_lists SET entries = '['", connection).ExecuteNonQuery();
        }

        Assert.That(
            async () => await bench.Store.LoadAccessListsAsync(default), Throws.TypeOf<StoreUnusableException>().With.Message.Contains("is damaged"));
    }

    private static AccessList Of(AccessRights rights) => new([new(TrusteeType.Role, Roles.Users, null, true, rights)]);

    private static string Text(AccessList list) => AccessListText.Write(list);

    private static async Task<StoreBench> StartAsync(params GroupEvent[] events)
    {
        var bench = new StoreBench();
        await bench.LoadAsync();
        await ChangeAsync(bench, sql => sql.AddTenant(new TenantRecord("tenant", null, null)));
        await ChangeAsync(bench, sql => sql.AddNamespace(Namespace));
        if (events is [GroupCreated created])
        {
            await bench.WriteAsync(Key(created.Configuration.Id), true, created);
        }

        return bench;
    }

    private static async Task ChangeAsync(StoreBench bench, Action<TenantStatements> change)
    {
        var write = new TenantWrite("tenant", "namespace", change, () => { });
        bench.Store.Append(write);
        Assert.That(await write.Stored.WaitAsync(TimeSpan.FromSeconds(60)), Is.True);
    }

    private static Task<StoreOutcome> SetAsync(StoreBench bench, GroupKey key, AccessList list)
    {
        var write = new ListWrite(key, Text(list));
        bench.Store.Append(write);
        return write.Done;
    }

    private static async Task<IEnumerable<(GroupKey, string)>> RestartAsync(StoreBench bench)
    {
        await bench.RestartAsync();
        return (await bench.Store.LoadAccessListsAsync(default)).Select(l => (l.Key, Text(l.List))).ToList();
    }

    private sealed class ListWrite(GroupKey key, string entries) : StoreWrite(key, 0, [], mustBeDurable: true)
    {
        private readonly TaskCompletionSource<StoreOutcome> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<StoreOutcome> Done => _done.Task.WaitAsync(TimeSpan.FromSeconds(60));

        public override void WriteTo(GroupWriter writer) => writer.AccessLists.Set(Group, entries);

        public override void Complete(StoreOutcome outcome, long firstRevision) => _done.SetResult(outcome);
    }
}
