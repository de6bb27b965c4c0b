namespace ClientFailover.Client.Collection;

/// <summary>
/// A time in which a component of a hot adapter may have missed data that others of the group have. While it is not resolved, the
/// watermark is held where it began; when it has ended, the component counts little, so that one who missed nothing takes over.
/// </summary>
/// <remarks>
/// The time before the first collection is one too, of a kind of its own: nothing is wrong with an adapter that has just started, so it is not
/// relieved for it, but what was under way to the others when it started it does not have.
/// </remarks>
internal sealed class Gap
{
    /// <summary>What the watermark must not go beyond, in its time base; <see cref="long.MinValue"/>: it must not move.</summary>
    public required long Hold { get; set; }

    /// <summary>When it began, by the wall clock.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>When it began to hold, by the monotonic clock.</summary>
    public required TimeSpan OpenedAt { get; init; }

    /// <summary>For people.</summary>
    public required string Cause { get; init; }

    /// <summary>Whether it is the time before the first collection.</summary>
    public bool IsOfStart { get; init; }

    /// <summary>The component's score before it fell, if it goes on collecting with a lower one; null: it does not collect.</summary>
    public float? Level { get; set; }

    /// <summary>When it ended, by the wall clock; null: it has not.</summary>
    public DateTimeOffset? To { get; private set; }

    /// <summary>When it ended, by the monotonic clock.</summary>
    public TimeSpan EndedAt { get; private set; }

    /// <summary>The source is back.</summary>
    public void End(Instant now)
    {
        To = now.Utc;
        EndedAt = now.Monotonic;
    }

    /// <summary>The clock of receipt was set back by so many ticks.</summary>
    public void SetBack(long by) => Hold -= Hold == long.MinValue ? 0 : by;

    /// <summary>The source is lost again.</summary>
    public void Reopen() => To = null;
}
