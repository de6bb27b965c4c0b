using ClientFailover.Conformance.Running;
using Google.Protobuf.WellKnownTypes;
using NUnit.Framework;

namespace ClientFailover.Conformance.Streams;

/// <summary>A live Primary hands over, both adapters being on streams.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class HandoverTests
{
    private static readonly DateTime Final = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);
    private static Caller Caller => SharedService.Caller;

    [Test]
    public async Task Handover_ByScore_DrainsThenPromotesWithTheQuotedTerm()
    {
        using var pair = await StreamPair.JoinAsync(Caller);
        await pair.RaiseSecondaryAsync();

        var order = await pair.Primary.DrainOrderAsync();
        var pending = await pair.Secondary.AssignmentAsync();
        var meanwhile = await pair.Primary.BeatAndReadAsync(50);
        await pair.Primary.AcknowledgeAsync(order.Term);
        var promoted = await pair.Secondary.AssignmentAsync();
        var demoted = await pair.Primary.AssignmentAsync();

        Assert.That((order.Role, order.Term, order.Reason), Is.EqualTo((V1.Role.Secondary, 2, V1.Reason.HigherFailoverScore)));
        Assert.That(order.DrainDeadline.ToTimeSpan(), Is.GreaterThan(TimeSpan.Zero).And.LessThanOrEqualTo(TimeSpan.FromMinutes(5)));
        Assert.That((pending.Role, pending.Term), Is.EqualTo((V1.Role.PendingPrimary, 2)));
        Assert.That((meanwhile.Role, meanwhile.Term), Is.EqualTo((V1.Role.Primary, 1)), "It stays Primary until a successor is assigned.");
        Assert.That((promoted.Role, promoted.Term, promoted.Reason), Is.EqualTo((V1.Role.Primary, 2, V1.Reason.HigherFailoverScore)));
        Assert.That((demoted.Role, demoted.Term, demoted.DrainDeadline), Is.EqualTo((V1.Role.Secondary, 2, (Duration?)null)));
    }

    [Test]
    public async Task Handover_ByOverride_TakesTheFinalTimeOfTheAcknowledgement()
    {
        using var pair = await StreamPair.JoinAsync(Caller);
        await pair.Primary.BeatAndReadAsync(50, Final.AddHours(-1));
        await Caller.OverrideAsync(pair.Group, "b", V1.RoleOverride.Primary);
        var pending = await pair.Secondary.RoleAsync(V1.Role.PendingPrimary);
        await pair.Secondary.AcknowledgeAsync(pending.Term);

        var order = await pair.Primary.DrainOrderAsync();
        await pair.Primary.AcknowledgeAsync(order.Term, Final);
        var promoted = await pair.Secondary.RoleAsync(V1.Role.Primary);

        Assert.That(order.Reason, Is.EqualTo(V1.Reason.RoleOverride));
        Assert.That(order.LastDataProcessedTime.ToDateTime(), Is.EqualTo(Final.AddHours(-1)));
        Assert.That((promoted.Term, promoted.Reason), Is.EqualTo((order.Term, V1.Reason.RoleOverride)));
        Assert.That(promoted.LastDataProcessedTime.ToDateTime(), Is.EqualTo(Final));
    }

    [Test]
    public async Task Handover_CandidateGivesNoSignOfLife_IsNotDrainedFor()
    {
        using var pair = await StreamPair.JoinAsync(Caller);
        await Caller.OverrideAsync(pair.Group, "b", V1.RoleOverride.Primary);
        var pending = await pair.Secondary.RoleAsync(V1.Role.PendingPrimary);

        await pair.Secondary.AcknowledgeAsync(pending.Term + 7);
        await pair.Primary.BeatAndReadAsync(50);
        Assert.That(pair.Primary.HasAssignment, Is.False, "An open stream may belong to a program that hangs.");
        await pair.Secondary.BeatAsync(50);

        Assert.That((await pair.Primary.DrainOrderAsync()).Term, Is.EqualTo(2));
    }

    [TestCase(1)]
    [TestCase(3)]
    [TestCase(0)]
    [TestCase(long.MaxValue)]
    public async Task Acknowledge_AnotherTerm_IsIgnored(long term)
    {
        using var pair = await StreamPair.JoinAsync(Caller);
        await pair.RaiseSecondaryAsync();
        await pair.Primary.DrainOrderAsync();

        await pair.Primary.AcknowledgeAsync(term, Final);
        var after = await pair.Primary.BeatAndReadAsync(50);

        Assert.That((after.Role, after.LastDataProcessedTime), Is.EqualTo((V1.Role.Primary, (Timestamp?)null)));
        var status = await Caller.StatusAsync(pair.Group);
        Assert.That((status.Primary, status.PendingPrimary), Is.EqualTo(("a", "b")));
    }

    [Test]
    public async Task Acknowledge_ByTheCandidate_IsIgnored()
    {
        using var pair = await StreamPair.JoinAsync(Caller);
        await pair.RaiseSecondaryAsync();
        var order = await pair.Primary.DrainOrderAsync();

        await pair.Secondary.AcknowledgeAsync(order.Term);
        var after = await pair.Secondary.BeatAndReadAsync(100);

        Assert.That(after.Role, Is.EqualTo(V1.Role.PendingPrimary));
    }

    [Test]
    public async Task Acknowledge_WithoutAnOrder_IsIgnored()
    {
        using var pair = await StreamPair.JoinAsync(Caller);

        await pair.Primary.AcknowledgeAsync(1, Final);

        Assert.That((await pair.Primary.BeatAndReadAsync(50)).Role, Is.EqualTo(V1.Role.Primary));
    }

    [Test]
    public async Task Handover_WithoutAcknowledgement_IsOverAfterTheDrainTime()
    {
        var timeout = TimeSpan.FromSeconds(4);
        using var pair = await StreamPair.JoinAsync(Caller, change: hello => hello.Group.FailoverTimeout = Duration.FromTimeSpan(timeout));
        await pair.RaiseSecondaryAsync();
        var order = await pair.Primary.DrainOrderAsync();

        // Both go on beating, as adapters do: nobody is lost, only the drain is over.
        while ((await pair.Secondary.BeatAndReadAsync(100)).Role != V1.Role.Primary)
        {
            await pair.Primary.BeatAndReadAsync(50);
        }

        var promoted = await pair.Secondary.RoleAsync(V1.Role.Primary);
        Assert.That(order.DrainDeadline.ToTimeSpan(), Is.LessThanOrEqualTo(timeout / 2), "At most half the failover timeout.");
        Assert.That((promoted.Term, promoted.Reason), Is.EqualTo((2, V1.Reason.HigherFailoverScore)));
        Assert.That((await pair.Primary.RoleAsync(V1.Role.Secondary)).Term, Is.EqualTo(2));
    }

    [Test]
    public async Task Handover_CandidateUnregisters_PrimaryGoesOnWithTheTermAfter()
    {
        using var pair = await StreamPair.JoinAsync(Caller);
        await pair.RaiseSecondaryAsync();
        var order = await pair.Primary.DrainOrderAsync();
        await pair.Secondary.LeaveAsync(unregister: true);

        var kept = await pair.Primary.AssignmentAsync();
        await pair.Primary.AcknowledgeAsync(order.Term, Final);
        var after = await pair.Primary.BeatAndReadAsync(50);

        Assert.That((kept.Role, kept.Term, kept.Reason), Is.EqualTo((V1.Role.Primary, 3, V1.Reason.HandoverCancelled)));
        Assert.That(kept.DrainDeadline, Is.Null);
        Assert.That((after.Role, after.Term), Is.EqualTo((V1.Role.Primary, 3)), "A late acknowledgement is ignored.");
        Assert.That(after.LastDataProcessedTime, Is.Null, "Of a late acknowledgement nothing is taken.");
    }

    [Test]
    public async Task Handover_PrimaryUnregistersInsteadOfDraining_PromotesAtOnce()
    {
        using var pair = await StreamPair.JoinAsync(Caller);
        await pair.RaiseSecondaryAsync();
        await pair.Primary.DrainOrderAsync();

        await pair.Primary.LeaveAsync(unregister: true);
        var promoted = await pair.Secondary.RoleAsync(V1.Role.Primary);

        Assert.That((promoted.Term, promoted.Reason), Is.EqualTo((2, V1.Reason.PrimaryUnregistered)));
    }

    [Test]
    public async Task Override_SecondaryForTheOnlySession_TakesItsRole()
    {
        var group = CallerActions.NewId();
        using var stream = await AdapterStream.JoinAsPrimaryAsync(Caller, group, "a");

        await Caller.OverrideAsync(group, "a", V1.RoleOverride.Secondary);
        var demoted = await stream.AssignmentAsync();

        Assert.That((demoted.Role, demoted.Reason), Is.EqualTo((V1.Role.Secondary, V1.Reason.RoleOverride)));
        Assert.That((await Caller.StatusAsync(group)).HasPrimary, Is.False);
    }
}
