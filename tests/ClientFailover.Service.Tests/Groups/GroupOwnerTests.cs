using ClientFailover.Engine;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Storage;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Groups;

public sealed class GroupOwnerTests
{
    [Test]
    public async Task HeartbeatAsync_FirstOfGroup_WaitsForDiskAndAnswersPrimary()
    {
        using var bench = new OwnerBench();
        var owner = await bench.GroupAsync("G", "A");
        bench.Store.AnswersAtOnce = false;

        var beat = owner.HeartbeatAsync("A", new HeartbeatReport(100, null, null), default).AsTask();

        Assert.That(beat.IsCompleted, Is.False);
        bench.Store.Answer();
        Assert.That((await beat).Reply!.Value, Is.EqualTo(new RoleReply(Role.Primary, 1, null)));
    }

    [Test]
    public async Task HeartbeatAsync_WhilePromotionIsWritten_OthersAreAnsweredAtOnceAsAnnounced()
    {
        using var bench = new OwnerBench();
        var owner = await bench.GroupAsync("G", "A", "B");
        bench.Store.AnswersAtOnce = false;
        var first = owner.HeartbeatAsync("A", new HeartbeatReport(100, null, null), default).AsTask();

        var other = owner.HeartbeatAsync("B", new HeartbeatReport(100, null, null), default);

        Assert.That(other.IsCompleted, Is.True);
        Assert.That((await other).Reply!.Value.Role, Is.EqualTo(Role.Secondary));
        Assert.That(owner.ReadStatus(), Is.EqualTo(new GroupStatusView(null, "A", null)));
        bench.Store.Answer();
        await first;
        Assert.That(owner.ReadStatus(), Is.EqualTo(new GroupStatusView("A", null, null)));
    }

    [Test]
    public async Task HeartbeatAsync_OldPrimaryWhileSuccessorIsWritten_IsAnsweredPrimaryUntilThen()
    {
        using var bench = new OwnerBench();
        var owner = await bench.GroupAsync("G", "A", "B");
        await OwnerBench.BeatAsync(owner, "A");
        bench.Pass(OwnerBench.FailoverTimeout);
        await OwnerBench.BeatAsync(owner, "B");
        bench.Pass(TimeSpan.FromSeconds(5));
        bench.Store.AnswersAtOnce = false;
        var successor = owner.HeartbeatAsync("B", new HeartbeatReport(100, null, null), default).AsTask();

        var old = await OwnerBench.BeatAsync(owner, "A");

        Assert.That(successor.IsCompleted, Is.False);
        Assert.That(old, Is.EqualTo(new RoleReply(Role.Primary, 1, null)));
        bench.Store.Answer();
        Assert.That((await successor).Reply!.Value, Is.EqualTo(new RoleReply(Role.Primary, 2, null)));
        bench.Pass(TimeSpan.FromSeconds(5));
        Assert.That(await OwnerBench.BeatAsync(owner, "A"), Is.EqualTo(new RoleReply(Role.Secondary, 2, null)));
    }

    [Test]
    public async Task HeartbeatAsync_DiskDoesNotAnswer_AnnouncesAfterOneSecond()
    {
        using var bench = new OwnerBench();
        var owner = await bench.GroupAsync("G", "A");
        bench.Store.AnswersAtOnce = false;
        var beat = owner.HeartbeatAsync("A", new HeartbeatReport(100, null, null), default).AsTask();

        bench.Pass(TimeSpan.FromMilliseconds(950));
        Assert.That(beat.IsCompleted, Is.False);
        bench.Pass(TimeSpan.FromMilliseconds(100));

        Assert.That((await beat).Reply!.Value.Role, Is.EqualTo(Role.Primary));
        Assert.That(bench.Store.Waiting, Is.EqualTo(1), "It is still to be written.");
    }

    [Test]
    public async Task HeartbeatAsync_StoreDefersWrite_PromotesAllTheSame()
    {
        using var bench = new OwnerBench();
        var owner = await bench.GroupAsync("G", "A");
        bench.Store.AnswersAtOnce = false;
        var beat = owner.HeartbeatAsync("A", new HeartbeatReport(100, null, null), default).AsTask();

        bench.Store.Answer(StoreOutcome.Deferred);

        Assert.That((await beat).Reply!.Value.Role, Is.EqualTo(Role.Primary));
    }

    [Test]
    public async Task ChangeAsync_StoreRefuses_ThrowsAndChangesNothing()
    {
        using var bench = new OwnerBench();
        var owner = await bench.GroupAsync("G", "A");
        await OwnerBench.BeatAsync(owner, "A");
        bench.Store.AnswersAtOnce = false;
        bench.Store.Health = new StoreHealth(false, "The disk is full.");

        foreach (ChangeRequest request in new ChangeRequest[]
        {
            new SetRoleOverride("A", RoleOverride.Secondary, null), new UnregisterSession("A"), new RegisterSession("B", null, null),
        })
        {
            var change = owner.ChangeAsync(request, default);
            Assert.That(() => bench.Store.Waiting, Is.EqualTo(1).After(60_000, 1));
            bench.Store.Answer(StoreOutcome.Refused);
            Assert.That(async () => await change, Throws.TypeOf<StoreUnavailableException>().With.Message.EqualTo("The disk is full."));
        }

        var view = owner.Read()!;
        Assert.That(view.Sessions.Select(s => (s.Id, s.Override, s.Role)), Is.EqualTo([("A", RoleOverride.Off, Role.Primary)]));
        bench.Pass(TimeSpan.FromSeconds(5));
        Assert.That((await OwnerBench.BeatAsync(owner, "A")).Role, Is.EqualTo(Role.Primary));
    }

    [Test]
    public async Task ChangeAsync_CallerGivesUp_IsMadeAllTheSame()
    {
        using var bench = new OwnerBench();
        var owner = await bench.GroupAsync();
        bench.Store.AnswersAtOnce = false;
        using var caller = new CancellationTokenSource();
        var change = owner.ChangeAsync(new RegisterSession("A", null, null), caller.Token);
        Assert.That(() => bench.Store.Waiting, Is.EqualTo(1).After(60_000, 1));

        await caller.CancelAsync();

        Assert.That(async () => await change, Throws.InstanceOf<OperationCanceledException>());
        bench.Store.Answer();
        Assert.That(() => owner.ReadSession("A"), Is.Not.Null.After(60_000, 1));
    }

    [Test]
    public async Task ChangeAsync_NotYetStored_IsNotVisible()
    {
        using var bench = new OwnerBench();
        var owner = await bench.GroupAsync();
        bench.Store.AnswersAtOnce = false;
        var change = owner.ChangeAsync(new RegisterSession("A", null, null), default);
        Assert.That(() => bench.Store.Waiting, Is.EqualTo(1).After(60_000, 1));

        Assert.That(owner.ReadSession("A"), Is.Null);

        bench.Store.Answer();
        Assert.That((await change).Changed, Is.True);
        Assert.That(owner.ReadSession("A"), Is.Not.Null);
    }

    [Test]
    public async Task ChangeAsync_UnregisterPrimaryWithStreamCandidate_PushesPrimaryAtOnce()
    {
        using var bench = new OwnerBench();
        var owner = await bench.GroupAsync("G", "A", "B");
        await OwnerBench.BeatAsync(owner, "A");
        var link = new RecordingLink();
        owner.OpenLink("B", link, default);
        owner.HeartbeatOnLink("B", link, new HeartbeatReport(50, null, null));

        await owner.ChangeAsync(new UnregisterSession("A"), default);

        var assignment = link.Next();
        Assert.That((assignment.Role, assignment.Term, assignment.Reason), Is.EqualTo((Role.Primary, 2L, Reason.PrimaryUnregistered)));
        Assert.That(owner.ReadStatus()!.Primary, Is.EqualTo("B"));
    }

    [Test]
    public async Task ChangeAsync_DeleteGroupWithOpenStream_EndsTheStream()
    {
        using var bench = new OwnerBench();
        var owner = await bench.GroupAsync("G", "A");
        var link = new RecordingLink();
        owner.OpenLink("A", link, default);
        bench.Pass(OwnerBench.FailoverTimeout + TimeSpan.FromSeconds(1));

        var result = await owner.ChangeAsync(new DeleteGroup(), default);

        Assert.That(result.Refusal, Is.Null);
        Assert.That(await link.Ended.Task, Is.EqualTo(LinkEnd.SessionDeleted));
        Assert.That(bench.Directory.Find(owner.Key), Is.Null);
    }

    [Test]
    public async Task ChangeAsync_GroupRecreated_TermGoesOnAndTimeDoesNot()
    {
        using var bench = new OwnerBench();
        var owner = await bench.GroupAsync("G", "A");
        await OwnerBench.BeatAsync(owner, "A");
        await owner.HeartbeatAsync("A", new HeartbeatReport(100, bench.Clock.Now.Utc, null), default);
        await owner.ChangeAsync(new UnregisterSession("A"), default);
        await owner.ChangeAsync(new DeleteGroup(), default);

        owner = await bench.GroupAsync("g", "A");

        Assert.That(await OwnerBench.BeatAsync(owner, "A"), Is.EqualTo(new RoleReply(Role.Primary, 2, null)));
    }

    [Test]
    public async Task OpenLink_SecondStreamOfSession_ReplacesTheFirst()
    {
        using var bench = new OwnerBench();
        var owner = await bench.GroupAsync("G", "A");
        var (first, second) = (new RecordingLink(), new RecordingLink());
        owner.OpenLink("A", first, default);

        owner.OpenLink("a", second, default);
        owner.CloseLink("A", first, brokenByPeer: true);

        Assert.That(await first.Ended.Task, Is.EqualTo(LinkEnd.Replaced));
        bench.Pass(TimeSpan.FromSeconds(2));
        owner.HeartbeatOnLink("A", second, new HeartbeatReport(100, null, null));
        Assert.That(second.Next().Role, Is.EqualTo(Role.Primary), "The end of the first is no loss of the session.");
    }

    [Test]
    public async Task CloseLink_PrimaryBroken_SuccessorIsPushedAfterTheGrace()
    {
        using var bench = new OwnerBench();
        var owner = await bench.GroupAsync("G", "A", "B");
        var (a, b) = (new RecordingLink(), new RecordingLink());
        owner.OpenLink("A", a, default);
        owner.HeartbeatOnLink("A", a, new HeartbeatReport(100, null, null));
        Assert.That(a.Next().Role, Is.EqualTo(Role.Primary));
        owner.OpenLink("B", b, default);
        owner.HeartbeatOnLink("B", b, new HeartbeatReport(100, null, null));

        owner.CloseLink("A", a, brokenByPeer: true);
        bench.Pass(TimeSpan.FromMilliseconds(950));
        Assert.That(owner.ReadStatus()!.Primary, Is.EqualTo("A"));
        bench.Pass(TimeSpan.FromMilliseconds(50));

        var assignment = b.Next();
        Assert.That((assignment.Role, assignment.Term, assignment.Reason), Is.EqualTo((Role.Primary, 2L, Reason.PrimaryConnectionLost)));
    }

    [Test]
    public async Task Acknowledge_DrainOrdered_HandsOverWithTheTermOfTheOrder()
    {
        using var bench = new OwnerBench();
        var owner = await bench.GroupAsync("G", "A", "B");
        var (a, b) = (new RecordingLink(), new RecordingLink());
        owner.OpenLink("A", a, default);
        owner.HeartbeatOnLink("A", a, new HeartbeatReport(100, null, null));
        a.Next();
        owner.OpenLink("B", b, default);
        owner.HeartbeatOnLink("B", b, new HeartbeatReport(100, null, null));

        await owner.ChangeAsync(new SetRoleOverride("B", RoleOverride.Primary, null), default);
        Assert.That((b.Next() is var candidacy, candidacy.Role, candidacy.Term), Is.EqualTo((true, Role.PendingPrimary, 1L)));
        owner.Acknowledge("B", b, 1, null);
        var order = a.Next();
        Assert.That((order.Role, order.Term, order.DrainTime), Is.EqualTo((Role.Secondary, 2L, (TimeSpan?)TimeSpan.FromSeconds(5))));
        Assert.That(b.Next().Role, Is.EqualTo(Role.PendingPrimary));
        owner.Acknowledge("A", a, order.Term, null);

        Assert.That((b.Next() is var promoted, promoted.Role, promoted.Term), Is.EqualTo((true, Role.Primary, 2L)));
        Assert.That((a.Next() is var demoted, demoted.Role, demoted.Term, demoted.DrainTime), Is.EqualTo((true, Role.Secondary, 2L, (TimeSpan?)null)));
    }
}
