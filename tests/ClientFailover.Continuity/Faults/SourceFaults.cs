using ClientFailover.Client;
using ClientFailover.Continuity.Network;
using ClientFailover.Continuity.Runs;

namespace ClientFailover.Continuity.Faults;

/// <summary>
/// The Primary loses its source: one of two, so that the rest goes on; in cold mode both, since a Secondary that cannot know
/// what it reaches does not replace a Primary that reaches something.
/// </summary>
/// <param name="cut">How it is cut.</param>
/// <param name="isDip">For less time than it takes to hand over.</param>
internal sealed class LoseSource(Cut cut, bool isDip) : Fault($"source-{(isDip ? "dip" : "lost")}-{cut}".ToLowerInvariant())
{
    public override async Task InjectAsync(Scene scene)
    {
        // A silent dip is longer than the source's queue, else nothing is missed.
        var time = isDip
            ? TimeSpan.FromSeconds(cut == Cut.Silent ? 1.6 : 0.4)
            : (scene.Timeout * 3) + TimeSpan.FromSeconds(3);
        var ways = scene.Plan.Mode == FailoverMode.Cold ? scene.Primary.Sources : [scene.Primary.Sources[0]];
        using var limit = scene.Source.LimitQueue(scene.Group, scene.Primary.Name);
        await scene.BreakAsync(
            $"source cut ({cut})", time,
            () => ways.ToList().ForEach(way => way.Close(cut)),
            () => ways.ToList().ForEach(way => way.Open()));
    }

    public override Bounds Expect(Terms terms, double took)
    {
        var seen = cut == Cut.Silent ? Terms.SourceSilence : 0;
        var handover = seen + terms.Report + terms.Drain + terms.Learn + terms.Told;
        var duplicates = terms.Overlap + handover + terms.Slack;
        if (terms.IsHot)
        {
            return isDip && !terms.PrimaryStreams
                ? new Bounds(took + Terms.SourceRetry + terms.Slack, "documented on REST: shorter than detection", duplicates, "FT/2 + heartbeat + handover")
                : Nothing(duplicates, "FT/2 + heartbeat + handover");
        }

        var missed = seen + terms.Report + terms.Drain + terms.Learn + terms.Start + terms.Slack;
        return new Bounds(
            isDip ? Math.Max(missed, took + Terms.SourceRetry + terms.Slack) : missed, isDip ? "dip + retry" : "seen + reported + handover + start",
            duplicates, "handover");
    }
}
