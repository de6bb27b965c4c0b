using ClientFailover.Continuity.Runs;

namespace ClientFailover.Continuity.Faults;

/// <summary>kill -9 of the service, which is started again at once.</summary>
internal sealed class RestartService() : Fault("service-restart", Reach.Service)
{
    public override Task InjectAsync(Scene scene) =>
        scene.BreakAsync("service killed and restarted", () => { }, scene.Service.KillAsync, scene.Service.StartAsync);

    public override Bounds Expect(Terms terms, double took) => Nothing(0, "nobody takes over") with { RolesMustStay = true };
}

/// <summary>The service is away for three timeouts.</summary>
internal sealed class ServiceDown() : Fault("service-down", Reach.Service)
{
    public override Task InjectAsync(Scene scene) => scene.BreakAsync("service down", () => { }, async () =>
    {
        await scene.Service.KillAsync();
        await Task.Delay(scene.Timeout * 3);
    }, scene.Service.StartAsync);

    public override Bounds Expect(Terms terms, double took) => Nothing(0, "nobody takes over") with { RolesMustStay = true };
}

/// <summary>The service is away for three timeouts, and the Primary dies meanwhile.</summary>
internal sealed class ServiceDownAndKill() : Fault("service-down-kill", Reach.Service)
{
    public override Task InjectAsync(Scene scene) => scene.BreakAsync("service down", () => { }, async () =>
    {
        await scene.Service.KillAsync();
        await Task.Delay(scene.Timeout);
        scene.Note("Primary killed");
        await scene.Primary.KillAsync();
        await Task.Delay(scene.Timeout * 2);
    }, scene.Service.StartAsync);

    public override Bounds Expect(Terms terms, double took)
    {
        // A killed service remembers a LastDataProcessedTime of up to 10 s ago, and hears nothing while it is away.
        const double stored = 10;
        if (terms.IsHot)
        {
            return Nothing(terms.Overlap + stored + terms.Timeout, "FT/2 + heartbeat + 10 s between stored times + FT of the outage");
        }

        // Every session has a full new deadline, in which the Primary on record counts as live; no stream is open at first, so the tolerance counts.
        var missed = took + terms.Tolerance + terms.Reconnect + terms.Learn + terms.Start + terms.Slack;
        return new Bounds(missed, $"rest of the outage + FT + tolerance + reconnect{KillPrimary.Learns(terms)} + start", terms.Overlap, "");
    }
}
