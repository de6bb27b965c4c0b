using ClientFailover.Continuity.Runs;

namespace ClientFailover.Continuity.Faults;

/// <summary>An administrator orders the other to be Primary.</summary>
internal sealed class Override() : Fault("override")
{
    public override Task InjectAsync(Scene scene)
    {
        scene.Note($"{scene.Other.Name} ordered to be Primary");
        return scene.Service.OrderPrimaryAsync(scene.Group, scene.Other.Name);
    }

    public override Bounds Expect(Terms terms, double took)
    {
        if (terms is { IsHot: true, PrimaryStreams: true, OthersStream: true })
        {
            return Nothing(0, "drained, exact");
        }

        var both = terms.Told + (terms.PrimaryStreams && terms.OthersStream ? 0 : terms.Slack);
        return terms.IsHot
            ? Nothing(terms.Overlap + both, "FT/2 + heartbeat + until told")
            : new Bounds(terms.Start + terms.Slack, "start", both + terms.Slack, "until told");
    }
}

/// <summary>An administrator deletes the session of the Primary, which runs on.</summary>
internal sealed class DeletePrimary() : Fault("delete")
{
    public override Task InjectAsync(Scene scene)
    {
        scene.Note("Primary's session deleted");
        return scene.Service.DeleteAsync(scene.Group, scene.Primary.Name);
    }

    public override Bounds Expect(Terms terms, double took)
    {
        // Over REST it registers again with its next heartbeat, and is told with the one after that.
        var duplicates = terms.Overlap + (terms.Told * 2) + terms.Slack;
        return terms.IsHot
            ? Nothing(duplicates, "FT/2 + heartbeat + until told")
            : new Bounds(terms.Learn + terms.Start + terms.Slack, "FT/2 + start", duplicates, "until told");
    }
}
