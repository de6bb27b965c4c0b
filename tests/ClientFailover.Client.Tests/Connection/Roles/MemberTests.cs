using ClientFailover.Client.Connection.Roles;
using NUnit.Framework;

namespace ClientFailover.Client.Tests.Connection.Roles;

/// <summary>Members that misbehave.</summary>
[TestFixture]
public sealed class MemberTests
{
    [Test]
    public async Task Report_Throws_ScoreIsZeroAndTimeStays()
    {
        await using var rig = new FakeRig();
        rig.Member.OnReport = () => new AdapterReport(80, FakeRig.Start);
        var session = await rig.JoinAsync();
        rig.Member.OnReport = () => throw new InvalidOperationException("broken");

        rig.Time.Advance(TimeSpan.FromSeconds(20));
        var heartbeat = await rig.BeatAsync();

        Assert.That((heartbeat.FailoverScore, heartbeat.LastDataProcessedTime), Is.EqualTo((0f, (DateTimeOffset?)FakeRig.Start)));
        rig.Member.OnReport = () => new AdapterReport(81, FakeRig.Start);
        rig.Time.Advance(TimeSpan.FromSeconds(20));
        Assert.That((await rig.BeatAsync()).FailoverScore, Is.EqualTo(81));
    }

    [TestCase(float.NaN)]
    [TestCase(-1)]
    [TestCase(100.1f)]
    [TestCase(float.PositiveInfinity)]
    public async Task Report_NoScore_IsZero(float score)
    {
        await using var rig = new FakeRig();
        rig.Member.OnReport = () => new AdapterReport(score, null);
        rig.Client.Start();
        var session = await rig.Service.ConnectedAsync().Soon();

        Assert.That((await session.NextHeartbeatAsync().Soon()).FailoverScore, Is.Zero);
    }

    [Test]
    public async Task Assume_Throws_LoopGoesOn()
    {
        await using var rig = new FakeRig();
        var session = await rig.JoinAsync();
        rig.Member.OnAssume = _ => throw new InvalidOperationException("broken");

        await session.AssignAsync(FailoverRole.Primary).Soon();
        rig.Time.Advance(TimeSpan.FromSeconds(20));
        await rig.BeatAsync();

        Assert.That(rig.Client.Role.Role, Is.EqualTo(FailoverRole.Primary));
        Assert.That(rig.Log.Text, Does.Contain("broken"));
    }

    [Test]
    public async Task Report_MemberHangs_ScoreIsZeroUntilItAnswers()
    {
        var member = new TestMember();
        var log = new RecordingLog();
        await using var calls = new MemberCalls(member, TimeProvider.System, log) { ReportPatience = TimeSpan.FromMilliseconds(1) };
        using var hang = new ManualResetEventSlim();
        member.OnReport = () => new AdapterReport(70, FakeRig.Start);
        await ReportsAsync(calls, 70).Soon();
        member.OnReport = () =>
        {
            hang.Wait();
            return new AdapterReport(71, FakeRig.Start);
        };

        Assert.That(await calls.ReportAsync().Soon(), Is.EqualTo(new AdapterReport(0, FakeRig.Start)));
        Assert.That(await calls.ReportAsync().Soon(), Is.EqualTo(new AdapterReport(0, FakeRig.Start)));

        hang.Set();
        await ReportsAsync(calls, 71).Soon();
        Assert.That(member.Overlapped, Is.False);
        Assert.That(log.Count(7011), Is.GreaterThanOrEqualTo(1));
    }

    [Test]
    public async Task Calls_ManyAtOnce_NeverOverlapAndKeepOrder()
    {
        var member = new TestMember();
        await using var calls = new MemberCalls(member, TimeProvider.System, new RecordingLog());

        var terms = Enumerable.Range(0, 1000).ToList();
        var told = terms.Select(t => calls.AssumeAsync(new RoleState(FailoverRole.Primary, t, null, null, false, default), TimeSpan.FromSeconds(1))).ToList();
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => calls.ReportAsync()).Concat(told)).Soon();

        Assert.That(member.Overlapped, Is.False);
        Assert.That(member.All.Select(s => (int)s.Term!.Value), Is.EqualTo(terms));
    }

    // Its patience may be over before the member's thread comes to run; then the same report is asked for again.
    private static async Task ReportsAsync(MemberCalls calls, float score)
    {
        while (!(await calls.ReportAsync()).FailoverScore.Equals(score))
        {
            await Task.Yield();
        }
    }
}
