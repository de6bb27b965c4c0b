namespace ClientFailover.Client.Collection;

/// <summary>Rules of FailoverScore: how much of its data an adapter reaches, or would.</summary>
internal static class Score
{
    private const int QuietTimeouts = 2;
    private const int ErrorTimeouts = 10;

    /// <summary>Of a hot component that collects, and is not known to have all that others may need: more than one that collects nothing.</summary>
    private const float NotWhole = 1;

    /// <summary>Sum of score x streams over all components, divided by all streams.</summary>
    /// <param name="components">The components.</param>
    /// <param name="mode">The mode.</param>
    /// <param name="isPrimary">Whether the adapter is Primary.</param>
    /// <param name="now">Monotonic time.</param>
    /// <param name="secondarySince">Monotonic time of the start or of the last demotion.</param>
    /// <param name="timeout">The failover timeout.</param>
    public static float Of(IEnumerable<ComponentRecord> components, FailoverMode mode, bool isPrimary, TimeSpan now, TimeSpan secondarySince, TimeSpan timeout)
    {
        var (sum, weights) = (0d, 0L);
        foreach (var component in components)
        {
            var score = isPrimary ? FailoverMode.Hot : mode;
            sum += component.Weight * score switch
            {
                FailoverMode.Hot => Collecting(component, isPrimary, now, timeout),
                FailoverMode.Warm => component.Phase >= ComponentPhase.Connected ? 100 : 0,
                _ => Cold(component, now, secondarySince, timeout),
            };
            weights += component.Weight;
        }

        return weights == 0 ? 0 : (float)(sum / weights);
    }

    /// <summary>
    /// Of two that are not whole neither takes the role from the other, whatever made them so: one that has just started would lose what was
    /// under way to the other. Each takes it from one that collects nothing, for whom nobody would make it whole.
    /// </summary>
    private static double Collecting(ComponentRecord component, bool isPrimary, TimeSpan now, TimeSpan timeout) => component switch
    {
        { Phase: not ComponentPhase.Collecting } => 0,
        { Gap: not { To: not null } } => component.Reported,
        { Gap: { IsOfStart: true } gap } when isPrimary || now - gap.EndedAt >= timeout => component.Reported,
        _ => Math.Min(component.Reported, NotWhole),
    };

    /// <summary>
    /// A cold Secondary cannot know: 1 at most. 0 while it has just started or was just relieved, or it would take the role back from
    /// one that is still starting; 0 for long after an error, or the role would come back to a source that is not there.
    /// </summary>
    private static double Cold(ComponentRecord component, TimeSpan now, TimeSpan secondarySince, TimeSpan timeout) =>
        now - secondarySince < timeout * QuietTimeouts || (component.FailedAt is { } failed && now - failed < timeout * ErrorTimeouts) ? 0 : 1;
}
