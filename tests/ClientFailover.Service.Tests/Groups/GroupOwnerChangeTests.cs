using ClientFailover.Engine;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Storage;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Groups;

/// <summary>Changes that meet something else while they are on their way to the disk.</summary>
public sealed class GroupOwnerChangeTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Test]
    public async Task ChangeAsync_OrderReplacedBeforeItIsAnswered_TellsWhenItWasToEnd()
    {
        using var bench = new OwnerBench();
        var owner = await bench.GroupAsync("G", "A");
        bench.Store.AnswersAtOnce = false;
        var order = owner.ChangeAsync(new SetRoleOverride("A", RoleOverride.Primary, TimeSpan.FromHours(8)), default);
        bench.AwaitWrites(1);
        var off = owner.ChangeAsync(new SetRoleOverride("A", RoleOverride.Off, null), default);
        bench.Store.AnswersAtOnce = true;
        bench.Store.Answer();

        Assert.That((await order).OrderExpires, Is.EqualTo(bench.Clock.Now.Utc.AddHours(8)));
        Assert.That((await off).OrderExpires, Is.Null);
    }

    [Test]
    public async Task ChangeAsync_OrderRenewedAsItEnds_StaysInMemoryAndOnDisk()
    {
        using var bench = new OwnerBench();
        var (owner, renewal) = await RenewAsItEndsAsync(bench);

        bench.Store.Answer();
        await renewal;
        bench.Pass(TimeSpan.FromSeconds(1));
        bench.Store.Answer();

        Assert.That(owner.ReadSession("B")!.Override, Is.EqualTo(RoleOverride.Secondary));
        var orders = bench.Store.Taken.SelectMany(w => w.Events).OfType<RoleOverrideChanged>();
        Assert.That(orders.Select(e => e.Value), Is.EqualTo(new[] { RoleOverride.Secondary, RoleOverride.Secondary }));
    }

    [Test]
    public async Task ChangeAsync_RenewalOfAnEndingOrderRefused_TheOldOneEnds()
    {
        using var bench = new OwnerBench();
        var (owner, renewal) = await RenewAsItEndsAsync(bench);

        bench.Store.Answer(StoreOutcome.Refused);
        Assert.That(async () => await renewal, Throws.TypeOf<StoreUnavailableException>());
        bench.Scheduler.RunDue();

        Assert.That(owner.ReadSession("B")!.Override, Is.EqualTo(RoleOverride.Off));
    }

    [Test]
    public async Task ChangeAsync_CallerWasToldNoBeforeItsTurn_IsNotMade()
    {
        using var bench = new OwnerBench();
        var owner = await bench.GroupAsync();
        bench.Store.AnswersAtOnce = false;
        var first = owner.ChangeAsync(new RegisterSession("A", null, null), default);
        var second = owner.ChangeAsync(new RegisterSession("B", null, null), default);
        bench.AwaitWrites(1);
        bench.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.That(async () => await first, Throws.TypeOf<StoreUnavailableException>());
        Assert.That(async () => await second, Throws.TypeOf<StoreUnavailableException>());

        bench.Store.AnswersAtOnce = true;
        bench.Store.Answer();
        await owner.ChangeAsync(new RegisterSession("C", null, null), default);

        Assert.That(owner.Read()!.Sessions.Select(s => s.Id), Is.EqualTo(new[] { "A", "C" }), "The first was with the disk already.");
    }

    [Test]
    public async Task ChangeAsync_CallerGivesUpBeforeItsTurn_IsMadeAllTheSame()
    {
        using var bench = new OwnerBench();
        var owner = await bench.GroupAsync("G", "A");
        bench.Store.AnswersAtOnce = false;
        using var caller = new CancellationTokenSource();
        var first = owner.ChangeAsync(new RegisterSession("B", null, null), default);
        var second = owner.ChangeAsync(new UnregisterSession("A"), caller.Token);
        bench.AwaitWrites(1);

        await caller.CancelAsync();
        Assert.That(async () => await second, Throws.InstanceOf<OperationCanceledException>());
        bench.Store.AnswersAtOnce = true;
        bench.Store.Answer();
        await first;

        Assert.That(() => owner.ReadSession("A"), Is.Null.After(60_000, 1));
    }

    [Test]
    public async Task HeartbeatAsync_DiskHangs_OneTimeWaitsForIt()
    {
        using var bench = new OwnerBench();
        var owner = await bench.GroupAsync("G", "A");
        await OwnerBench.BeatAsync(owner, "A");
        bench.Store.AnswersAtOnce = false;

        await BeatForAMinuteAsync();
        Assert.That(bench.Store.Waiting, Is.EqualTo(1));
        bench.Store.Answer();
        await BeatForAMinuteAsync();

        Assert.That(bench.Store.Waiting, Is.EqualTo(1), "When the disk is back, the time is recorded again.");

        async Task BeatForAMinuteAsync()
        {
            for (var i = 0; i < 12; i++)
            {
                bench.Pass(TimeSpan.FromSeconds(5));
                await owner.HeartbeatAsync("A", new HeartbeatReport(100, bench.Clock.Now.Utc, null), default);
            }
        }
    }

    [Test]
    public async Task Stored_WatcherComesMeanwhile_RevisionIsNotAheadOfTheState([Values] bool byChange)
    {
        using var bench = new OwnerBench();
        var owner = await bench.GroupAsync("G", "A", "B");
        bench.Pass(OwnerBench.FailoverTimeout * 2);
        Assert.That(() => Revision(bench), Is.EqualTo(5).After(60_000, 1), "Both are lost.");
        bench.Store.AnswersAtOnce = false;
        Task step = byChange
            ? owner.ChangeAsync(new RegisterSession("C", null, null), default)
            : owner.HeartbeatAsync("A", new HeartbeatReport(100, null, null), default).AsTask();
        bench.AwaitWrites(1);

        // The store takes the step while the group is at work on another: the state cannot show it yet.
        long? seen = null;
        var disk = new Thread(() => bench.Store.Answer());
        bench.Store.Appending = () =>
        {
            bench.Store.Appending = null;
            disk.Start();
            SpinWait.SpinUntil(() => disk.ThreadState.HasFlag(ThreadState.WaitSleepJoin), TimeSpan.FromSeconds(60));
            seen = Revision(bench);
        };
        await owner.HeartbeatAsync("B", new HeartbeatReport(100, null, null), default);
        disk.Join();
        await step;

        Assert.That(seen, Is.EqualTo(5));
        Assert.That(Revision(bench), Is.GreaterThan(5));
        Assert.That(byChange ? owner.ReadSession("C")?.Id : owner.ReadStatus()!.Primary, Is.EqualTo(byChange ? "C" : "A"));
    }

    [Test]
    public async Task Read_SessionsLeftAndOthersCame_AreInTheOrderOfRegistration()
    {
        using var bench = new OwnerBench();
        var owner = await bench.GroupAsync("G", "D", "C", "B", "A");
        await owner.ChangeAsync(new UnregisterSession("D"), default);
        await owner.ChangeAsync(new UnregisterSession("B"), default);
        await owner.ChangeAsync(new RegisterSession("F", null, null), default);
        await owner.ChangeAsync(new RegisterSession("E", null, null), default);

        Assert.That(owner.Read()!.Sessions.Select(s => s.Id), Is.EqualTo(new[] { "C", "A", "F", "E" }));
    }

    /// <summary>B's order ends in the very moment in which a longer one is on its way to the disk.</summary>
    [Test]
    public async Task ChangeAsync_PrimaryRemovedWhileAStepWithItIsStored_OneOfItsIdIsSecondary()
    {
        using var bench = new OwnerBench(new EngineSettings { HeartbeatTolerance = TimeSpan.Zero });
        var owner = await bench.GroupAsync("G", "P", "C");
        await OwnerBench.BeatAsync(owner, "P");
        bench.AwaitWrites(0);
        await OwnerBench.BeatAsync(owner, "C");
        await owner.ChangeAsync(new SetRoleOverride("C", RoleOverride.Primary, Hour), default);
        bench.AwaitWrites(0);
        bench.Pass(OwnerBench.FailoverTimeout - TimeSpan.FromMilliseconds(500));
        await OwnerBench.BeatAsync(owner, "P");
        bench.AwaitWrites(0);
        bench.Store.AnswersAtOnce = false;
        var removal = owner.ChangeAsync(new UnregisterSession("P"), default);
        bench.AwaitWrites(1);

        // C, which was to be Primary, is lost: a step in which P still is.
        bench.Pass(TimeSpan.FromMilliseconds(600));
        bench.AwaitWrites(2);
        bench.Store.AnswersAtOnce = true;
        bench.Store.Answer();
        Assert.That((await removal).Refusal, Is.Null);
        await owner.ChangeAsync(new RegisterSession("P", null, null), default);

        Assert.That((owner.ReadSession("P")!.Role, owner.ReadStatus()!.Primary), Is.EqualTo((Role.Secondary, (string?)null)));
    }

    private static async Task<(IGroupOwner Owner, Task<ChangeResult> Renewal)> RenewAsItEndsAsync(OwnerBench bench)
    {
        var owner = await bench.GroupAsync("G", "A", "B");
        await owner.ChangeAsync(new SetRoleOverride("B", RoleOverride.Secondary, Minute), default);
        bench.Pass(Minute - TimeSpan.FromMilliseconds(50));
        bench.AwaitWrites(0);
        bench.Store.AnswersAtOnce = false;
        var renewal = owner.ChangeAsync(new SetRoleOverride("B", RoleOverride.Secondary, Hour), default);
        bench.AwaitWrites(1);
        bench.Pass(TimeSpan.FromSeconds(1));
        return (owner, renewal);
    }

    private static long Revision(OwnerBench bench)
    {
        var watcher = new WatchSubscription(OwnerBench.Tenant, OwnerBench.Tenant, null);
        var revision = bench.Watch.Subscribe(watcher, null, out _);
        bench.Watch.Unsubscribe(watcher);
        return revision;
    }
}
