using ClientFailover.Engine;
using ClientFailover.Service.AccessControl;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Identity;
using ClientFailover.Service.Storage;
using ClientFailover.Service.Tests.Groups;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.AccessControl;

public sealed class AccessListsTests
{
    private static readonly AccessList Nobody = new([new(TrusteeType.Role, Roles.Users, null, true, AccessRights.All)]);
    private static readonly GroupKey Collection = AccessLists.Collection(OwnerBench.Tenant, OwnerBench.Tenant);

    [Test]
    public async Task SetAsync_BeforeItIsDurable_IsNotInForceAndNotAnswered()
    {
        using var bench = new OwnerBench();
        bench.Store.AnswersAtOnce = false;
        var changed = new List<GroupKey>();
        bench.Access.Changed += changed.Add;

        var setting = bench.Access.SetAsync(Collection, Nobody, () => true, default);
        Assert.That((setting.IsCompleted, bench.Access.IsAnySet, bench.Access.Of(Collection)), Is.EqualTo((false, false, AccessList.Default)));
        bench.Store.Answer();

        Assert.That(await setting, Is.True);
        Assert.That((bench.Access.Of(Collection), changed), Is.EqualTo((Nobody, new[] { Collection })));
    }

    [Test]
    public void SetAsync_StoreCannotBeWritten_ChangesNothing()
    {
        using var bench = new OwnerBench();
        bench.Store.AnswersAtOnce = false;
        bench.Store.Health = new StoreHealth(false, "the disk is full");

        var setting = bench.Access.SetAsync(Collection, Nobody, () => true, default);
        bench.Store.Answer(StoreOutcome.Refused);

        Assert.That(async () => await setting, Throws.TypeOf<StoreUnavailableException>().With.Message.EqualTo("the disk is full"));
        Assert.That(bench.Access.Of(Collection), Is.SameAs(AccessList.Default));
    }

    [Test]
    public void SetAsync_StoreDoesNotAnswer_IsGivenUp()
    {
        using var bench = new OwnerBench();
        bench.Store.AnswersAtOnce = false;

        var setting = bench.Access.SetAsync(Collection, Nobody, () => true, default);
        bench.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.That(async () => await setting, Throws.TypeOf<StoreUnavailableException>());
    }

    [Test]
    public async Task SetAsync_GroupDeletedOnTheWay_IsNotSetAndNotInherited()
    {
        using var bench = new OwnerBench();
        var owner = await bench.GroupAsync("G");
        bench.Store.AnswersAtOnce = false;
        var deleting = owner.ChangeAsync(new DeleteGroup(), default);
        bench.AwaitWrites(1);

        var setting = bench.Access.SetAsync(owner.Key, Nobody, () => owner.Configuration is not null, default);
        bench.Store.Answer();
        await deleting;

        Assert.That(await setting, Is.False);
        Assert.That(bench.Access.Of(owner.Key), Is.SameAs(AccessList.Default));
    }

    [Test]
    public async Task Of_NewGroup_IsWhatTheCollectionHadAtItsCreation()
    {
        using var bench = new OwnerBench();
        var early = await bench.GroupAsync("Early");
        await bench.Access.SetAsync(Collection, Nobody, () => true, default);
        var late = await bench.GroupAsync("Late");
        var other = new AccessList([new(TrusteeType.Role, Roles.Users, null, false, AccessRights.Read)]);
        await bench.Access.SetAsync(Collection, other, () => true, default);

        Assert.That((bench.Access.Of(early.Key), bench.Access.Of(late.Key)), Is.EqualTo((AccessList.Default, Nobody)));
    }

    [Test]
    public async Task Of_DeletedGroup_IsForgotten()
    {
        using var bench = new OwnerBench();
        var owner = await bench.GroupAsync("G");
        await bench.Access.SetAsync(owner.Key, Nobody, () => true, default);

        await owner.ChangeAsync(new DeleteGroup(), default);

        Assert.That(() => bench.Access.Of(owner.Key), Is.SameAs(AccessList.Default).After(60_000, 1));
    }
}
