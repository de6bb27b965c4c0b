namespace ClientFailover.Engine;

/// <summary>What the hold between handovers by score remembers. Not kept over a restart: a hold then starts anew.</summary>
internal sealed class HoldState
{
    private const int MaximumFactor = 8;

    /// <summary>When the hold after the last promotion ends, on the monotonic clock.</summary>
    public TimeSpan Ends { get; set; }

    /// <summary>Whether a tick is still to come at <see cref="Ends"/>.</summary>
    public bool IsArmed { get; set; }

    /// <summary>By what the next hold is multiplied.</summary>
    public int Factor { get; private set; } = 1;

    /// <summary>Whether the Primary has reported a score above 0 in its term.</summary>
    public bool PrimaryReportedPositive { get; private set; }

    /// <summary>Whether the last promotion skipped the hold.</summary>
    public bool LastWasSkipped { get; private set; }

    /// <summary>The Primary reported a score.</summary>
    public void PrimaryReported(float score)
    {
        if (score > 0)
        {
            PrimaryReportedPositive = true;
            Factor = 1;
        }
    }

    /// <summary>A handover by score takes the role from a Primary: one that never was any good makes the next hold longer.</summary>
    public void HandedOverByScore() => Factor = PrimaryReportedPositive ? Factor : Math.Min(Factor * 2, MaximumFactor);

    /// <summary>A session was promoted.</summary>
    public void Promoted(TimeSpan now, TimeSpan hold, bool skipped)
    {
        Ends = now + (hold * Factor);
        IsArmed = true;
        PrimaryReportedPositive = false;
        LastWasSkipped = skipped;
    }

    /// <summary>The service was absent: the hold starts anew.</summary>
    public void StartAnew(TimeSpan now, TimeSpan hold)
    {
        Ends = now + (hold * Factor);
        IsArmed = true;
    }

    /// <summary>As for a group without a past.</summary>
    public void Reset()
    {
        (Ends, IsArmed, Factor, PrimaryReportedPositive, LastWasSkipped) = (default, false, 1, false, false);
    }
}
