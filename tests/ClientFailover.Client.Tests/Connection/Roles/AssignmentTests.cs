using NUnit.Framework;

namespace ClientFailover.Client.Tests.Connection.Roles;

/// <summary>What the service tells, and what becomes of it.</summary>
[TestFixture]
public sealed class AssignmentTests
{
    [Test]
    public async Task Role_NotStarted_IsSecondary()
    {
        await using var rig = new FakeRig();

        Assert.That(rig.Client.Role.Role, Is.EqualTo(FailoverRole.Secondary));
        Assert.That(rig.Client.Role.Term, Is.Null);
        Assert.That(rig.Client.WhilePrimary.IsCancellationRequested, Is.True);
        Assert.That(rig.Client.Connection, Is.EqualTo(ConnectionState.Disconnected));
    }

    [Test]
    public async Task Assign_Primary_MemberValueAndTokenKnowIt()
    {
        await using var rig = new FakeRig();
        var session = await rig.JoinAsync();
        rig.Service.LastDataProcessedTime = FakeRig.Start;

        await session.AssignAsync(FailoverRole.Primary, "PrimaryTimedOut", isExact: true).Soon();

        var expected = new RoleState(FailoverRole.Primary, 1, "PrimaryTimedOut", FakeRig.Start, true, FakeRig.Start);
        Assert.That(rig.Client.Role, Is.EqualTo(expected));
        Assert.That(rig.Member.All[^1], Is.EqualTo(expected));
        Assert.That(rig.Client.WhilePrimary.IsCancellationRequested, Is.False);
        Assert.That(rig.Client.Connection, Is.EqualTo(ConnectionState.Stream));
    }

    [Test]
    public async Task Assign_Secondary_TokenCancelledBeforeMemberIsTold()
    {
        await using var rig = new FakeRig();
        var session = await rig.JoinAsPrimaryAsync();
        var whilePrimary = rig.Client.WhilePrimary;
        bool? cancelled = null;
        rig.Member.OnAssume = _ => cancelled = whilePrimary.IsCancellationRequested;

        await session.AssignAsync(FailoverRole.Secondary).Soon();

        Assert.That(cancelled, Is.True);
        Assert.That(rig.Client.WhilePrimary.IsCancellationRequested, Is.True);
    }

    [Test]
    public async Task RoleChanges_SlowReader_GetsNewest()
    {
        await using var rig = new FakeRig();
        var session = await rig.JoinAsync();
        await using var changes = rig.Client.RoleChangesAsync().GetAsyncEnumerator();
        Assert.That(await changes.MoveNextAsync().AsTask().Soon(), Is.True);
        Assert.That(changes.Current.Role, Is.EqualTo(FailoverRole.Secondary));

        await session.AssignAsync(FailoverRole.PendingPrimary).Soon();
        await session.AssignAsync(FailoverRole.Primary).Soon();
        await session.AssignAsync(FailoverRole.Secondary).Soon();
        await session.AssignAsync(FailoverRole.Primary).Soon();

        await changes.MoveNextAsync().AsTask().Soon();
        Assert.That((changes.Current.Role, changes.Current.Term), Is.EqualTo((FailoverRole.Primary, 2L)));
    }

    [Test]
    public async Task RoleChanges_ClientStops_Ends()
    {
        await using var rig = new FakeRig();
        await rig.JoinAsync();
        await using var changes = rig.Client.RoleChangesAsync().GetAsyncEnumerator();
        await changes.MoveNextAsync().AsTask().Soon();

        await rig.Client.StopAsync().Soon();

        Assert.That(await changes.MoveNextAsync().AsTask().Soon(), Is.False);
    }

    [Test]
    public async Task Reply_NewerTimeOnly_MemberIsToldButNoChange()
    {
        await using var rig = new FakeRig();
        await rig.JoinAsPrimaryAsync();
        var since = rig.Client.Role.Since;
        rig.Service.LastDataProcessedTime = FakeRig.Start.AddSeconds(7);

        rig.Time.Advance(TimeSpan.FromSeconds(20));
        await rig.BeatAsync();

        var state = rig.Member.All[^1];
        Assert.That(state.LastDataProcessedTime, Is.EqualTo(FakeRig.Start.AddSeconds(7)));
        Assert.That((state.Role, state.Term, state.Reason, state.Since), Is.EqualTo((FailoverRole.Primary, 1L, "OnlyClientInGroup", since)));
    }

    [Test]
    public async Task Connect_Again_RoleKeptMeanwhile()
    {
        await using var rig = new FakeRig();
        await rig.JoinAsPrimaryAsync();
        var whilePrimary = rig.Client.WhilePrimary;

        rig.Service.IsReachable = false;
        await rig.Log.LoggedAsync(7041);
        rig.Time.Advance(TimeSpan.FromHours(10));
        Assert.That(rig.Client.Role.Role, Is.EqualTo(FailoverRole.Primary));
        rig.Service.IsReachable = true;
        await rig.BeatAsync();

        Assert.That(whilePrimary.IsCancellationRequested, Is.False);
        Assert.That(rig.Member.All.Select(s => s.Role).Skip(2), Is.All.EqualTo(FailoverRole.Primary));
    }

    [Test]
    public async Task Connect_ByOtherWithSameId_SecondaryAndStaysAwayForLong()
    {
        await using var rig = new FakeRig();
        await rig.JoinAsPrimaryAsync();
        var other = new TestMember();
        await using var second = new FailoverClient(rig.Options, other, rig.Time, null, rig.Service);

        second.Start();

        var state = await rig.Member.NextAsync(s => s.Reason == "SessionReplaced");
        Assert.That(state.Role, Is.EqualTo(FailoverRole.Secondary));
        Assert.That(rig.Log.Text, Does.Contain("Another process uses the session id 'a'"));
        var told = rig.Member.All.Count;
        rig.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.That(rig.Member.All, Has.Count.EqualTo(told));
        Assert.That(rig.Client.Connection, Is.EqualTo(ConnectionState.Disconnected));
    }
}
