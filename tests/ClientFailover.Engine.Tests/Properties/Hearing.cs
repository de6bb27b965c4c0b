namespace ClientFailover.Engine.Tests.Properties;

/// <summary>What the specification lets anybody conclude of one session from what was heard of it.</summary>
internal sealed class Hearing
{
    /// <summary>It is live before this.</summary>
    internal TimeSpan Earliest { get; set; }

    /// <summary>It is not live from this on. Later than <see cref="Earliest"/> where the specification leaves it open.</summary>
    internal TimeSpan Latest { get; set; }

    /// <summary>It was heard from, or is presumed live, since the service started or was absent for long.</summary>
    internal bool Heard { get; set; }

    /// <summary>It was heard from since the service started or was absent for long.</summary>
    internal bool HeardSinceAbsence { get; set; }

    /// <summary>It posted a heartbeat since it registered and since the service started or was absent for long.</summary>
    internal bool Posted { get; set; }

    /// <summary>It posted a heartbeat since it last restarted or said hello: certainly a candidate while it is live.</summary>
    internal bool CertainlyCandidate { get; set; }

    /// <summary>Its last reported score.</summary>
    internal float Score { get; set; }

    /// <summary>Its open stream.</summary>
    internal long? Stream { get; set; }

    internal bool StepDown { get; set; }

    internal RoleOverride Override { get; set; }

    internal DateTime? OverrideExpires { get; set; }

    /// <summary>The deadlines before a connection-loss hint.</summary>
    internal (TimeSpan Earliest, TimeSpan Latest)? BeforeHint { get; set; }

    internal bool IsSecondaryByOrder => Override == RoleOverride.Secondary;

    public override string ToString() =>
        $"{Earliest}..{Latest} {(Heard ? "heard" : "")} {(Posted ? "posted" : "")} {(CertainlyCandidate ? "candidate" : "")} score {Score:R} stream {Stream} {Override}";

    internal void RenewTo(TimeSpan earliest, TimeSpan latest)
    {
        (Earliest, Latest) = (earliest, latest);
        BeforeHint = null;
    }
}
