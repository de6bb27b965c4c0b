namespace ClientFailover.Engine.Tests.Properties;

/// <summary>An adapter of a schedule: beats on its own until it is muted.</summary>
internal sealed class Adapter
{
    internal required string Id { get; init; }

    /// <summary>It opens a stream when it can.</summary>
    internal required bool PrefersStream { get; init; }

    internal required bool StepDown { get; init; }

    /// <summary>How far its clock is ahead of the service's.</summary>
    internal required TimeSpan ClockAhead { get; init; }

    internal bool IsMuted { get; set; }

    internal bool IsRegistered { get; set; }

    internal float Score { get; set; } = 100;

    internal long? Stream { get; set; }

    /// <summary>The stream it had before the present one.</summary>
    internal long? FormerStream { get; set; }

    internal long? LastKnownTerm { get; set; }

    internal Role Role { get; set; }

    internal TimeSpan NextBeat { get; set; }

    internal DateTime? LastDataProcessedTime { get; set; }

    /// <summary>The last drain order it was given.</summary>
    internal DrainOrder? Order { get; set; }
}
