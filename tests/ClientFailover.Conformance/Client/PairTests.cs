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
        await WaitAsync(() => IsCandidateAsync(group, "b"));

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
        await WaitAsync(() => Task.FromResult(!b.Member.Told.IsEmpty));
        a.Member.Final = new DateTimeOffset(2026, 11, 23, 2, 53, 8, TimeSpan.Zero).AddTicks(9522134);
        a.Member.Reported = new AdapterReport(50, a.Member.Final);
        a.Client.ReportSoon();
        await WaitAsync(async () => (await SharedService.Caller.StatusAsync(group)).LastDataProcessedTime is not null);

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

    private static async Task<bool> IsCandidateAsync(string group, string session)
    {
        var sessions = await SharedService.Caller.Sessions.ListSessionsAsync(new V1.ListSessionsRequest { GroupId = group });
        return sessions.Sessions.Any(s => s.Id == session && s.HeartbeatPosted);
    }

    // What is told by no push is asked for, without a pause: the service answers in its own time.
    private static async Task WaitAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(RunningService.Patience);
        while (!await condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Delay(20, patience.Token);
        }
    }
}
