using ClientFailover.Conformance.Running;
using NUnit.Framework;

namespace ClientFailover.Conformance.Streams;

/// <summary>
/// Streams that break. On a service of their own, and one test at a time: how many streams break at once, of all that
/// are open, is what one of these is about.
/// </summary>
[NonParallelizable]
public sealed class LostConnectionTests : OwnService
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(0.5);

    private protected override string[] Settings => [.. RunningService.Quick, "--ConnectionLossGrace", Grace.ToString("c")];

    [TestCase(true)]
    [TestCase(false)]
    public async Task Break_OfThePrimary_IsTakenOverAfterTheGrace(bool whole)
    {
        using var far = new Caller(Service);
        using var pair = await StreamPair.JoinAsync(far, Caller);
        using var watcher = await Watcher.StartAsync(Caller, pair.Group);

        // Its connection, or, as behind a gateway, its stream alone.
        if (whole)
        {
            far.Cut();
        }
        else
        {
            pair.Primary.Dispose();
        }

        var promoted = await pair.Secondary.AssignmentAsync();
        var lost = await watcher.UntilAsync(V1.Reason.SessionConnectionLost, "a");
        var told = await watcher.UntilAsync(e => e.HasNewRole && e.NewRole == V1.Role.Primary);

        Assert.That((promoted.Role, promoted.Term, promoted.Reason), Is.EqualTo((V1.Role.Primary, 2, V1.Reason.PrimaryConnectionLost)));
        Assert.That(lost.Revision, Is.LessThan(told.Revision));
        Assert.That((told.SessionId, told.Term, told.Reason), Is.EqualTo(("b", 2, V1.Reason.PrimaryConnectionLost)));
        Assert.That(told.DetectionTime.ToTimeSpan(), Is.GreaterThanOrEqualTo(Grace));
        Assert.That(told.TakeoverTime, Is.Not.Null);
    }

    [Test]
    public async Task Break_AdapterComesBackWithinTheGrace_StaysPrimary()
    {
        // On a busy machine one may come too late, which the history tells; another then comes in time.
        const int attempts = 20;
        for (var i = 0; i < attempts; i++)
        {
            using var far = new Caller(Service);
            using var pair = await StreamPair.JoinAsync(far, Caller);
            far.Cut();
            await Caller.BeatAsync(pair.Group, "a", 50);
            using var again = await AdapterStream.JoinAsync(Caller, pair.Group, "a", hello => hello.LastKnownTerm = 1);
            await Caller.LetPassAsync(Grace * 3);

            var history = await Caller.Events.ListEventsAsync(new V1.ListEventsRequest { GroupId = pair.Group, Count = 1000 });
            if (history.Events.All(e => e.Reason != V1.Reason.SessionConnectionLost))
            {
                Assert.That((await Caller.StatusAsync(pair.Group)).Primary, Is.EqualTo("a"));
                Assert.That((await again.BeatAndReadAsync(50)).Role, Is.EqualTo(V1.Role.Primary));
                return;
            }
        }

        Assert.Fail($"Of {attempts} adapters that came back at once none was in time.");
    }

    [Test]
    public async Task Break_OfAPrimaryThatStepsDown_NeverShortensItsDeadline()
    {
        using var far = new Caller(Service);
        using var pair = await StreamPair.JoinAsync(far, Caller, hello => hello.OnServiceLost = V1.OnServiceLost.StepDown);

        far.Cut();
        await Caller.LetPassAsync(Grace * 3);

        Assert.That((await pair.Secondary.BeatAndReadAsync(50)).Role, Is.EqualTo(V1.Role.Secondary));
        Assert.That((await Caller.StatusAsync(pair.Group)).Primary, Is.EqualTo("a"));
    }

    [Test]
    public async Task Break_OfTheCandidate_CallsTheHandoverOff()
    {
        using var far = new Caller(Service);
        using var pair = await StreamPair.JoinAsync(Caller, far);
        await Caller.OverrideAsync(pair.Group, "b", V1.RoleOverride.Primary);
        await pair.Secondary.BeatAsync(50);
        var order = await pair.Primary.DrainOrderAsync();

        far.Cut();
        var kept = await pair.Primary.AssignmentAsync();

        Assert.That(order.Term, Is.EqualTo(2));
        Assert.That((kept.Role, kept.Term, kept.Reason), Is.EqualTo((V1.Role.Primary, 3, V1.Reason.HandoverCancelled)));
    }

    [Test]
    public async Task Break_OfMostStreamsTogether_IsTheNetworksFault()
    {
        using var far = new Caller(Service);
        var groups = Enumerable.Range(0, 12).Select(_ => CallerActions.NewId()).ToList();
        foreach (var group in groups)
        {
            _ = await AdapterStream.JoinAsPrimaryAsync(far, group, "a");
            await Caller.RegisterAsync(group, "b");
            Assert.That(await Caller.BeatAsync(group, "b", 50), Is.EqualTo(V1.Role.Secondary));
        }

        far.Cut();
        await Caller.LetPassAsync(Grace * 3);

        foreach (var group in groups)
        {
            Assert.That(await Caller.BeatAsync(group, "b", 50), Is.EqualTo(V1.Role.Secondary));
            var status = await Caller.StatusAsync(group);
            Assert.That((status.Primary, status.HasPendingPrimary), Is.EqualTo(("a", false)));
        }
    }
}
