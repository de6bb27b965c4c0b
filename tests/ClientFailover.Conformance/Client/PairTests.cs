using System.Collections.Concurrent;
using ClientFailover.Client;
using ClientFailover.Conformance.Running;
using NUnit.Framework;

namespace ClientFailover.Conformance.Client;

/// <summary>Two adapters on the client library, against the service.</summary>
[TestFixture]
public sealed class PairTests
{
    [TestCase(FailoverTransport.Stream, ConnectionState.Stream)]
    [TestCase(FailoverTransport.Auto, ConnectionState.Stream)]
    [TestCase(FailoverTransport.Rest, ConnectionState.Rest)]
    public async Task Start_FirstOfGroup_IsPrimary(FailoverTransport transport, ConnectionState connection)
    {
        await using var adapter = new Adapter(SharedService.Instance, CallerActions.NewId(), "a", transport);

        var state = await adapter.UntilAsync(FailoverRole.Primary);

        Assert.That(adapter.Client.Connection, Is.EqualTo(connection));
        Assert.That(adapter.Client.WhilePrimary.IsCancellationRequested, Is.False);
        Assert.That(state.Term, connection == ConnectionState.Rest ? Is.Null : Is.EqualTo(1));
    }

    [TestCase(FailoverTransport.Stream, FailoverTransport.Stream)]
    [TestCase(FailoverTransport.Rest, FailoverTransport.Stream)]
    [TestCase(FailoverTransport.Stream, FailoverTransport.Rest)]
    [TestCase(FailoverTransport.Rest, FailoverTransport.Rest)]
    public async Task Stop_Primary_OtherTakesOver(FailoverTransport first, FailoverTransport second)
    {
        var group = CallerActions.NewId();
        await using var a = new Adapter(SharedService.Instance, group, "a", first, o => o.FailoverTimeout = TimeSpan.FromSeconds(4));
        await a.UntilAsync(FailoverRole.Primary);
        var whilePrimary = a.Client.WhilePrimary;
        await using var b = new Adapter(SharedService.Instance, group, "b", second, o => o.FailoverTimeout = TimeSpan.FromSeconds(4));
        await Eventually.IsTrueAsync(() => SharedService.Caller.IsCandidateAsync(group, "b"));

        await a.Client.StopAsync();

        await b.UntilAsync(FailoverRole.Primary);
        Assert.That(whilePrimary.IsCancellationRequested, Is.True);
        Assert.That(a.Client.Role.Role, Is.EqualTo(FailoverRole.Secondary));
        Assert.That(a.Member.Drains, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task ReportSoon_HigherScoreOfOther_DrainsAndHandsOverExactly()
    {
        var group = CallerActions.NewId();
        await using var a = new Adapter(SharedService.Instance, group, "a", FailoverTransport.Stream, o => o.SourceTimestamps = true);
        await a.UntilAsync(FailoverRole.Primary);
        await using var b = new Adapter(SharedService.Instance, group, "b", FailoverTransport.Stream, o => o.SourceTimestamps = true);
        await Eventually.IsTrueAsync(() => !b.Member.Told.IsEmpty);
        a.Member.Final = new DateTimeOffset(2026, 11, 23, 2, 53, 8, TimeSpan.Zero).AddTicks(9522134);
        a.Member.Reported = new AdapterReport(50, a.Member.Final);
        a.Client.ReportSoon();
        await Eventually.IsTrueAsync(async () => (await SharedService.Caller.StatusAsync(group)).LastDataProcessedTime is not null);

        b.Member.Reported = new AdapterReport(100, null);
        b.Client.ReportSoon();
        a.Client.ReportSoon();

        var state = await b.UntilAsync(FailoverRole.Primary);
        Assert.That(state.IsExact, Is.True);
        Assert.That(state.LastDataProcessedTime, Is.EqualTo(a.Member.Final));
        Assert.That(state.Reason, Is.EqualTo("HigherFailoverScore"));
        await a.UntilAsync(s => s.Role == FailoverRole.Secondary && s.Term == state.Term);
        Assert.That(a.Member.Drains.Single().Term, Is.EqualTo(state.Term));
    }

    [Test]
    public async Task Start_SameSessionTwice_FirstBecomesSecondaryAndStaysAway()
    {
        var group = CallerActions.NewId();
        await using var first = new Adapter(SharedService.Instance, group, "a", FailoverTransport.Stream);
        await first.UntilAsync(FailoverRole.Primary);

        await using var second = new Adapter(SharedService.Instance, group, "a", FailoverTransport.Stream);

        var lost = await first.UntilAsync(FailoverRole.Secondary);
        Assert.That(lost.Reason, Is.EqualTo("SessionReplaced"));
        await second.UntilAsync(FailoverRole.Primary);
    }

    [Test]
    public async Task Override_ForTheOtherOfTwoStreams_OneDrainsBeforeTheOtherIsPrimary()
    {
        var group = CallerActions.NewId();
        await using var a = new Adapter(SharedService.Instance, group, "a", FailoverTransport.Stream);
        await a.UntilAsync(FailoverRole.Primary);
        await using var b = new Adapter(SharedService.Instance, group, "b", FailoverTransport.Stream);
        await Eventually.IsTrueAsync(() => SharedService.Caller.IsCandidateAsync(group, "b"));
        var overlaps = new ConcurrentQueue<RoleState>();
        Watch(a.Member, b.Member);
        Watch(b.Member, a.Member);

        await OrderAsync(group, "b", a, b);
        await OrderAsync(group, "a", b, a);

        Assert.That(overlaps, Is.Empty);

        void Watch(Member one, Member other) => one.Taken = state =>
        {
            if (one.MaySend && other.MaySend)
            {
                overlaps.Enqueue(state);
            }
        };
    }

    /// <summary>Orders one to be Primary, and holds the other's drain up for as long as it takes to see who is what meanwhile.</summary>
    private static async Task OrderAsync(string group, string session, Adapter old, Adapter next)
    {
        var term = old.Client.Role.Term!.Value;
        var mayFinish = new TaskCompletionSource();
        old.Member.MayFinish = mayFinish.Task;
        await SharedService.Caller.OverrideAsync(group, session, V1.RoleOverride.Primary);
        await Eventually.IsTrueAsync(() => !old.Member.Drains.IsEmpty);

        // An acknowledgement that was sent before this heartbeat has arrived before it.
        var time = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddMinutes(term);
        old.Member.Reported = new AdapterReport(50, time);
        old.Client.ReportSoon();
        await Eventually.IsTrueAsync(async () => (await SharedService.Caller.StatusAsync(group)).LastDataProcessedTime?.ToDateTimeOffset() == time);
        Assert.That((await SharedService.Caller.StatusAsync(group)).PendingPrimary, Is.EqualTo(session));
        Assert.That((old.Client.Role.Role, next.Client.Role.Role), Is.EqualTo((FailoverRole.Primary, FailoverRole.PendingPrimary)));
        var (whileOld, drain) = (old.Client.WhilePrimary, old.Member.Drains.Single());

        mayFinish.SetResult();

        var promoted = await next.UntilAsync(FailoverRole.Primary);
        var relieved = await old.UntilAsync(FailoverRole.Secondary);
        Assert.That((promoted.Term, promoted.Reason), Is.EqualTo((term + 1, "RoleOverride")));
        Assert.That((relieved.Term, drain.Term), Is.EqualTo((promoted.Term, term + 1)));
        Assert.That(whileOld.IsCancellationRequested, Is.True);
        Assert.That(next.Client.WhilePrimary.IsCancellationRequested, Is.False);
    }
}
