using ClientFailover.Engine;
using ClientFailover.Service.Groups;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Groups;

/// <summary>What streams are told when one step tells several things, and what a stream says that is no longer the session's.</summary>
public sealed class GroupOwnerStreamTests
{
    private static readonly HeartbeatReport Good = new(100, null, null);

    [Test]
    public async Task HeartbeatOnLink_CallsOffADrainAndOrdersAnother_TheLastWordIsTheNewOrder()
    {
        using var bench = new OwnerBench();
        var (owner, a, b) = await DrainingAsync(bench, stepDown: false, ordered: "C");
        var c = new RecordingLink();
        owner.OpenLink("C", c, default);

        // C was ordered to be Primary before it was live: now the drain for B is called off, and A drains for C.
        owner.HeartbeatOnLink("C", c, Good);

        var candidate = c.Next();
        Assert.That((candidate.Role, candidate.Term), Is.EqualTo((Role.PendingPrimary, 4L)), "Of two in one step, the last.");
        Assert.That(b.Next().Role, Is.EqualTo(Role.Secondary));
        var told = new[] { a.Next(), a.Next() }.OrderBy(x => x.Sequence).ToArray();
        Assert.That(told.Select(x => (x.Role, x.Term, x.DrainTime is not null)), Is.EqualTo([(Role.Primary, 3L, false), (Role.Secondary, 4L, true)]));
        Assert.That(told[0].Sequence, Is.Not.EqualTo(told[1].Sequence), "A stream drops the second of one number.");

        owner.Acknowledge("A", a, 4, null);
        Assert.That((c.Next() is var promoted, promoted.Role, promoted.Term), Is.EqualTo((true, Role.Primary, 4L)));
    }

    [Test]
    public async Task OpenLink_PrimaryThatWasToDrain_IsToldAgainOnTheNewStream([Values] bool stepDown)
    {
        using var bench = new OwnerBench();
        var (owner, a, b) = await DrainingAsync(bench, stepDown);
        owner.CloseLink("A", a, brokenByPeer: true);
        var again = new RecordingLink();

        var welcome = owner.OpenLink("A", again, new LinkHello(1, stepDown, false));

        var order = again.Next();
        Assert.That((order.Role, order.Term, order.DrainTime is not null), Is.EqualTo((Role.Secondary, 2L, true)));
        Assert.That(order.Sequence, Is.GreaterThan(welcome.Sequence), "It follows the welcome.");
        owner.Acknowledge("A", again, 2, null);
        Assert.That((b.Next() is var promoted, promoted.Role, promoted.Term), Is.EqualTo((true, Role.Primary, 2L)));
    }

    [Test]
    public async Task Acknowledge_BothReportTimesOfTheirSources_IsPushedAsExact([Values] bool sourceTimestamps)
    {
        using var bench = new OwnerBench();
        var (owner, a, b) = await DrainingAsync(bench, sourceTimestamps: sourceTimestamps);
        var final = bench.Clock.Now.Utc;

        owner.Acknowledge("A", a, 2, final);

        var promoted = b.Next();
        Assert.That(
            (promoted.Role, promoted.LastDataProcessedTime, promoted.IsExact),
            Is.EqualTo((Role.Primary, (DateTime?)final, sourceTimestamps)));
    }

    [Test]
    public async Task HeartbeatOnLink_OfAReplacedStream_IsIgnored()
    {
        using var bench = new OwnerBench();
        var owner = await bench.GroupAsync("G", "A");
        var (old, current) = (new RecordingLink(), new RecordingLink());
        owner.OpenLink("A", old, default);
        owner.OpenLink("A", current, default);

        var result = owner.HeartbeatOnLink("A", old, Good);

        Assert.That((result.Reply, result.Refusal), Is.EqualTo(((RoleReply?)null, (Refusal?)null)));
        Assert.That(owner.ReadSession("A")!.Heartbeat, Is.Null);
        Assert.That(owner.ReadStatus()!.PendingPrimary, Is.Null);
    }

    [Test]
    public async Task Acknowledge_OfAReplacedStream_IsIgnored()
    {
        using var bench = new OwnerBench();
        var (owner, a, b) = await DrainingAsync(bench);
        var current = new RecordingLink();
        owner.OpenLink("A", current, new LinkHello(1, false, false));

        bench.Store.AnswersAtOnce = false;

        owner.Acknowledge("A", a, 2, null);

        Assert.That(bench.Store.Waiting, Is.Zero, "Nothing was decided.");
        bench.Store.AnswersAtOnce = true;
        owner.Acknowledge("A", current, 2, null);
        Assert.That(b.Next().Role, Is.EqualTo(Role.Primary));
    }

    [Test]
    public async Task CloseLink_OfAReplacedStream_SaysSo()
    {
        using var bench = new OwnerBench();
        var owner = await bench.GroupAsync("G", "A");
        var (old, current) = (new RecordingLink(), new RecordingLink());
        owner.OpenLink("A", old, default);
        owner.OpenLink("A", current, default);

        Assert.That(owner.CloseLink("A", old, brokenByPeer: false), Is.False);
        Assert.That(owner.CloseLink("a", current, brokenByPeer: false), Is.True);
    }

    /// <summary>A is Primary on a stream and ordered to drain for B, because an administrator wants A to be Secondary.</summary>
    private static async Task<(IGroupOwner Owner, RecordingLink A, RecordingLink B)> DrainingAsync(
        OwnerBench bench, bool stepDown = false, bool sourceTimestamps = false, string? ordered = null)
    {
        var owner = await bench.GroupAsync("G", ordered is null ? ["A", "B"] : ["A", "B", ordered]);
        var (a, b) = (new RecordingLink(), new RecordingLink());
        owner.OpenLink("A", a, new LinkHello(null, stepDown, sourceTimestamps));
        owner.HeartbeatOnLink("A", a, Good);
        Assert.That(a.Next().Role, Is.EqualTo(Role.Primary));
        owner.OpenLink("B", b, new LinkHello(null, false, sourceTimestamps));
        owner.HeartbeatOnLink("B", b, Good);
        if (ordered is not null)
        {
            await owner.ChangeAsync(new SetRoleOverride(ordered, RoleOverride.Primary, null), default);
        }

        await owner.ChangeAsync(new SetRoleOverride("A", RoleOverride.Secondary, null), default);
        Assert.That(b.Next().Role, Is.EqualTo(Role.PendingPrimary));
        owner.Acknowledge("B", b, 1, null);
        Assert.That((a.Next() is var order, order.Term, order.DrainTime is not null), Is.EqualTo((true, 2L, true)));
        Assert.That((b.Next() is var candidate, candidate.Role, candidate.Term), Is.EqualTo((true, Role.PendingPrimary, 2L)));
        return (owner, a, b);
    }
}
