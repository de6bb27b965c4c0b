using ClientFailover.Engine;
using ClientFailover.Service.Groups;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Groups;

/// <summary>Each line of a group's log says who, from what to what, why, and how long it took.</summary>
public sealed class GroupOwnerLogTests
{
    private readonly RecordingLogger<GroupOwner> _log = new();

    [SetUp]
    public void Forget() => _log.Clear();

    [Test]
    public async Task Takeover_PrimaryTimedOut_IsOneLineWithBothSidesAndTimes()
    {
        using var bench = new OwnerBench(logger: _log);
        var owner = await bench.GroupAsync("G", "A", "B");
        await OwnerBench.BeatAsync(owner, "A", 75.5f);
        bench.Pass(TimeSpan.FromSeconds(6));
        await OwnerBench.BeatAsync(owner, "B", 50);
        bench.Pass(TimeSpan.FromSeconds(5.5));
        await OwnerBench.BeatAsync(owner, "B", 50);

        Expect(
            "Group default/default/G is created, with a failover timeout of 00:00:10.",
            "Group default/default/G: session A is registered.",
            "Group default/default/G: session B is registered.",
            "Group default/default/G: Primary goes from nobody to A (score 75.5) in term 1: OnlyClientInGroup, 0.000 s after the decision.",
            "Group default/default/G: session A is lost: SessionTimedOut, after 11.250 s of silence.",
            "Group default/default/G: session B (score 50) goes from Secondary to PendingPrimary in term 1: PrimaryTimedOut, after 11.250 s of silence.",
            "Group default/default/G: Primary goes from A (score 75.5) to B (score 50) in term 2: PrimaryTimedOut, after 11.250 s of silence, 0.250 s after the decision.");
    }

    [Test]
    public async Task Order_AndItsEnd_AreTold()
    {
        using var bench = new OwnerBench(logger: _log);
        var owner = await bench.GroupAsync("G", "A");
        await OwnerBench.BeatAsync(owner, "A");
        await owner.ChangeAsync(new SetRoleOverride("A", RoleOverride.Secondary, TimeSpan.FromSeconds(5)), default);
        bench.Pass(TimeSpan.FromSeconds(6));
        await OwnerBench.BeatAsync(owner, "A");

        Expect(
            "Group default/default/G: role override of session A is Secondary, until 2026-11-23 00:00:05Z.",
            "Group default/default/G: session A (score 100) goes from Primary to Secondary in term 1: RoleOverride.",
            "Group default/default/G: role override of session A is Off.");
    }

    [Test]
    public async Task Members_ComeBackAndGo_AreTold()
    {
        using var bench = new OwnerBench(logger: _log);
        var owner = await bench.GroupAsync("G", "A");
        await OwnerBench.BeatAsync(owner, "A");
        bench.Pass(TimeSpan.FromSeconds(12));
        await OwnerBench.BeatAsync(owner, "A");
        await owner.ChangeAsync(new RegisterSession("A", "Name\nGroup forged", null), default);
        await owner.ChangeAsync(new UnregisterSession("A"), default);
        await owner.ChangeAsync(new DeleteGroup(), default);

        Expect(
            "Group default/default/G: session A is heard from again.",
            "Group default/default/G: session A has a name now.",
            "Group default/default/G: session A is unregistered.",
            "Group default/default/G is deleted.");
        Assert.That(_log.Entries.Select(e => e.Text), Has.None.Contains("forged"));
    }

    /// <summary>Lines are written by other threads than the calls that they tell of.</summary>
    private void Expect(params string[] lines) =>
        Assert.That(() => _log.Entries.Select(e => e.Text).ToList(), Is.SupersetOf(lines).After(60_000, 1));
}
