using ClientFailover.Continuity.Network;
using ClientFailover.Continuity.Runs;

namespace ClientFailover.Continuity.Faults;

/// <summary>The destination is killed, and is back after a while.</summary>
internal sealed class DestinationDown(TimeSpan time, string name) : Fault(name, Reach.Destination)
{
    public override Task InjectAsync(Scene scene) => scene.BreakAsync("destination down", () => { }, async () =>
    {
        await scene.Destination.KillAsync();
        await Task.Delay(time);
    }, scene.Destination.StartAsync);

    public override Bounds Expect(Terms terms, double took) =>
        Nothing(Terms.Batch, "one batch that was taken and not answered") with { RolesMustStay = true };
}

/// <summary>The destination is frozen, and goes on after a while.</summary>
internal sealed class DestinationFrozen() : Fault("destination-frozen", Reach.Destination)
{
    public override Task InjectAsync(Scene scene) =>
        scene.BreakAsync("destination frozen", TimeSpan.FromSeconds(12), scene.Destination.Freeze, scene.Destination.Thaw);

    public override Bounds Expect(Terms terms, double took) => CutDestination.Unanswered(took) with { RolesMustStay = true };
}

/// <summary>
/// The Primary cannot reach the destination, the Secondary is killed and started again, then the Primary dies: only what the
/// Secondary kept on disk is left.
/// </summary>
internal sealed class BufferSurvives() : Fault("buffer-survives")
{
    // With a timeout, until the Secondary is killed.
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(3);

    public override async Task InjectAsync(Scene scene)
    {
        await scene.BreakAsync("Primary cut from destination", () => scene.Primary.Destination.Close(Cut.Refused), async () =>
        {
            await Task.Delay(scene.Timeout + Before);
            scene.Note("Secondary killed and restarted");
            await scene.Other.KillAsync();
            scene.Other.Start();
            await scene.HeardAsync(scene.Other);
            await scene.SettleAsync();
        }, scene.Primary.KillAsync);
    }

    public override Bounds Expect(Terms terms, double took)
    {
        // What the fault took beyond its waits is how long the Secondary was dead: meanwhile only the Primary collected, which dies.
        var dead = took - (terms.Timeout + Before.TotalSeconds) - terms.Settle;
        return Nothing(terms.Overlap, "FT/2 + heartbeat") with
        {
            Uncollected = dead + Collected.Unwritten.TotalSeconds + terms.StartTime + terms.Slack,
            UncollectedBecause = "Secondary dead + its last second + start",
        };
    }
}
