using ClientFailover.Continuity.Network;
using ClientFailover.Continuity.Runs;

namespace ClientFailover.Continuity.Faults;

/// <summary>The network between Primary and service is cut, for long enough that another is promoted: two send.</summary>
internal sealed class CutService(Cut cut) : Fault($"cut-service-{cut}".ToLowerInvariant())
{
    public override Task InjectAsync(Scene scene) => scene.BreakAsync(
        $"cut from service ({cut})", (scene.Timeout * 3) + TimeSpan.FromSeconds(2),
        () => scene.Primary.Service.Close(cut), scene.Primary.Service.Open);

    public override Bounds Expect(Terms terms, double took)
    {
        var reconnect = terms.PrimaryStreams ? Math.Min(5, terms.Timeout / 6) * 1.5 : terms.Timeout / 2;
        return Nothing(terms.Overlap + took + reconnect + terms.Slack, "FT/2 + heartbeat + cut + reconnect: both send");
    }
}

/// <summary>The connection between Primary and service breaks, and can be made again at once.</summary>
internal sealed class BreakService() : Fault("blip-service")
{
    public override Task InjectAsync(Scene scene) => scene.BreakAsync(
        "connection to service broken", TimeSpan.FromMilliseconds(100), () => scene.Primary.Service.Close(Cut.Refused), scene.Primary.Service.Open);

    // On a busy machine it may come back after the grace, and the other has taken over.
    public override Bounds Expect(Terms terms, double took) => Nothing(terms.Overlap + terms.Slack, "if not back in time: FT/2 + heartbeat");
}

/// <summary>The network between Primary and destination is cut: nobody takes over, the values wait.</summary>
internal sealed class CutDestination(Cut cut) : Fault($"cut-destination-{cut}".ToLowerInvariant())
{
    public override Task InjectAsync(Scene scene) => scene.BreakAsync(
        $"cut from destination ({cut})", TimeSpan.FromSeconds(Math.Max(8, scene.Timeout.TotalSeconds)),
        () => scene.Primary.Destination.Close(cut), scene.Primary.Destination.Open);

    public override Bounds Expect(Terms terms, double took) => Unanswered(took);

    /// <summary>Requests that were given up may have been taken, or are taken later.</summary>
    public static Bounds Unanswered(double took) => Nothing(
        (Math.Ceiling(took / Terms.EgressTimeout) + 1) * Terms.Batch, "one batch for each unanswered request");
}
