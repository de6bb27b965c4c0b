using ClientFailover.Continuity.Runs;

namespace ClientFailover.Continuity.Faults;

/// <summary>Nothing goes wrong.</summary>
internal sealed class NoFault() : Fault("none")
{
    public override Task InjectAsync(Scene scene) => Task.Delay(scene.Timeout);

    public override Bounds Expect(Terms terms, double took) => Nothing(0, "nobody takes over") with { RolesMustStay = true };
}

/// <summary>kill -9 of the Primary, which stays dead.</summary>
internal sealed class KillPrimary() : Fault("kill")
{
    public override Task InjectAsync(Scene scene)
    {
        scene.Note("Primary killed");
        return scene.Primary.KillAsync();
    }

    public override Bounds Expect(Terms terms, double took) => Expect(terms);

    /// <summary>What the sudden death of a Primary costs.</summary>
    public static Bounds Expect(Terms terms)
    {
        if (terms.IsHot)
        {
            return Nothing(terms.Overlap, "FT/2 + heartbeat");
        }

        // A killed process breaks its stream; over REST it is merely silent.
        var detection = terms.PrimaryStreams ? Math.Min(Terms.Grace, terms.Deadline) : terms.Deadline;
        return new Bounds(
            detection + terms.Learn + terms.Start + terms.Slack, $"{(terms.PrimaryStreams ? "grace" : "FT + tolerance")}{Learns(terms)} + start",
            terms.Overlap, "");
    }

    internal static string Learns(Terms terms) => terms.OthersStream ? "" : " + FT/2";
}

/// <summary>kill -9 of the Primary, which is started again soon.</summary>
internal sealed class RestartPrimary() : Fault("kill-restart")
{
    public override async Task InjectAsync(Scene scene)
    {
        await scene.BreakAsync("Primary killed and restarted", () => { }, scene.Primary.KillAsync, async () =>
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
            scene.Primary.Start();
        });
        await scene.HeardAsync(scene.Primary);
    }

    // Registering again is noticed at the latest when silence would have been.
    public override Bounds Expect(Terms terms, double took) => KillPrimary.Expect(terms);
}

/// <summary>The Primary is stopped in order.</summary>
internal sealed class StopPrimary() : Fault("stop")
{
    public override Task InjectAsync(Scene scene)
    {
        scene.Note("Primary stopped");
        return scene.Primary.StopAsync();
    }

    public override Bounds Expect(Terms terms, double took) => Expect(terms);

    /// <summary>What the orderly end of a Primary costs.</summary>
    public static Bounds Expect(Terms terms) => terms.IsHot
        ? Nothing(terms.Overlap, "FT/2 + heartbeat")
        : new Bounds(terms.Learn + terms.Start + terms.Slack, $"{(terms.OthersStream ? "" : "FT/2 + ")}start", terms.Overlap, "");
}

/// <summary>The Primary is frozen, and goes on later.</summary>
/// <param name="isLong">Longer than its loss takes to be detected.</param>
internal sealed class FreezePrimary(bool isLong) : Fault(isLong ? "freeze-long" : "freeze-short")
{
    public override async Task InjectAsync(Scene scene)
    {
        // Short: with a heartbeat interval before it, less than a timeout; and longer than a source's queue and a watchdog's second.
        var timeout = scene.Timeout.TotalSeconds;
        var time = isLong ? timeout + Math.Min(2, timeout / 8) + (timeout / 2) + 2 : Math.Max(1.2, timeout * 0.6);
        using var limit = scene.Source.LimitQueue(scene.Group, scene.Primary.Name);
        await scene.BreakAsync("Primary frozen", TimeSpan.FromSeconds(time), scene.Primary.Freeze, scene.Primary.Thaw);
    }

    public override Bounds Expect(Terms terms, double took)
    {
        var handover = terms.Report + terms.Drain + terms.Learn + terms.Told;
        if (isLong)
        {
            var loss = terms.IsHot ? 0 : Math.Min(took, terms.Deadline + terms.Learn) + terms.Start + terms.Slack;
            return new Bounds(
                loss, terms.IsHot ? "" : $"{(terms.PrimaryStreams ? "FT" : "FT + tolerance")}{KillPrimary.Learns(terms)} + start",
                terms.Overlap + terms.Told + terms.Slack, $"{(terms.IsHot ? "FT/2 + heartbeat + " : "")}until told");
        }

        return terms.IsHot
            ? new Bounds(
                terms.PrimaryStreams ? 0 : took + Terms.SourceRetry + terms.Slack, terms.PrimaryStreams ? "" : "documented on REST: shorter than detection (freeze + reconnect)",
                terms.Overlap + took + handover + terms.Slack, "FT/2 + heartbeat + freeze + handover")
            : new Bounds(took + terms.Start + terms.Learn + terms.Slack, "freeze + start", terms.Overlap + handover, "handover");
    }
}

/// <summary>Both are restarted, one after the other.</summary>
/// <param name="isKilled">By kill -9 rather than in order.</param>
internal sealed class RestartBoth(bool isKilled) : Fault(isKilled ? "both-killed" : "both-restarted")
{
    public override async Task InjectAsync(Scene scene)
    {
        foreach (var adapter in scene.Adapters)
        {
            await scene.BreakAsync($"{adapter.Name} restarted", () => { }, isKilled ? adapter.KillAsync : adapter.StopAsync, () =>
            {
                adapter.Start();
                return Task.CompletedTask;
            });
            await scene.HeardAsync(adapter);
            await scene.SettleAsync();
        }
    }

    public override Bounds Expect(Terms terms, double took)
    {
        // Each of them may be Primary when its turn comes; what one costs is the same for the other, or more.
        var one = isKilled ? KillPrimary.Expect(terms) : StopPrimary.Expect(terms);
        var lastRole = terms.HasField ? terms.Timeout / 2 : 0;
        string[] twice = [.. terms.IsHot ? ["FT/2", "heartbeat"] : Array.Empty<string>(), .. terms.HasField ? ["FT/2 in its last role"] : Array.Empty<string>()];
        return new Bounds(
            one.Loss * 2, terms.IsHot ? "" : $"2 x ({one.LossBecause})",
            (terms.Overlap + lastRole) * 2, $"2 x ({string.Join(" + ", twice)})");
    }
}
