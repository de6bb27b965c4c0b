namespace ClientFailover.Engine;

/// <summary>
/// Rules of draining: in a handover between two streams the old Primary is told to finish what it sends, and is waited
/// for, but not for ever.
/// </summary>
internal static class Drain
{
    /// <summary>Tells the Primary to drain.</summary>
    public static void Start(Transition t, Handover handover, Session primary)
    {
        t.State.OwesResumption = false;

        // A session that steps down by its own clock counts on nobody else being Primary before: it is waited for.
        handover.DrainDeadline = primary.StepDown ? null : t.Now + Time(t.State);
        if (handover.DrainDeadline is { } deadline)
        {
            t.State.Arm(deadline);
        }

        t.DrainOrder = Order(handover, primary);
    }

    /// <summary>A Primary that was told to drain says hello: whether the order reached it before its stream broke, nobody knows.</summary>
    public static void Repeat(Transition t, Session session)
    {
        if (session == t.State.Primary && t.State.Handover is { DrainTerm: not null, Drained: false } handover)
        {
            t.DrainOrder = Order(handover, session);
        }
    }

    /// <summary>The Primary has drained, or is no longer waited for.</summary>
    /// <param name="t">The transition.</param>
    /// <param name="isTimeExact">Whether it has said so, and the group's LastDataProcessedTime is where it stopped.</param>
    public static void End(Transition t, bool isTimeExact)
    {
        t.State.Handover!.Drained = true;
        t.State.Handover.IsTimeExact = isTimeExact;
        t.State.Handover.DrainDeadline = null;
        Promotion.Advance(t);
    }

    /// <summary>After an absence of the service: a drain that is awaited is awaited anew.</summary>
    public static void StartAnew(GroupState state, Handover handover, TimeSpan now)
    {
        if (handover.DrainDeadline is not null)
        {
            handover.DrainDeadline = now + Time(state);
            state.Arm(handover.DrainDeadline.Value);
        }
    }

    /// <summary>
    /// A Primary that steps down by its own clock, and whose stream is broken, cannot be told anything: it goes on until
    /// its deadline, and nobody else is Primary before.
    /// </summary>
    public static bool MustWaitFor(Session? primary, Handover handover) =>
        handover is { Planned: true, Drained: false } && primary is { StepDown: true, BeatsOnStream: true, OnStream: false };

    private static DrainOrder Order(Handover handover, Session primary) =>
        new(primary.Id, handover.DrainTerm!.Value, handover.Reason, handover.DrainDeadline ?? primary.Deadline);

    private static TimeSpan Time(GroupState state) =>
        TimeSpan.FromTicks(Math.Min(state.Settings.DrainTimeout.Ticks, state.FailoverTimeout.Ticks / 2));
}
