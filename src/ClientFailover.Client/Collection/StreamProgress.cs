namespace ClientFailover.Client.Collection;

/// <summary>Responsible for how far one stream has come, in the time base of LastDataProcessedTime (ticks, UTC).</summary>
internal sealed class StreamProgress
{
    private long _declared = long.MinValue;
    private bool _repeats;

    /// <summary>Nothing up to this time is still to come; <see cref="long.MinValue"/>: nothing is known.</summary>
    /// <remarks>
    /// After a value more of the same time may come only on streams that have shown it: to expect it of all would make an exact
    /// handover wait for one more value of each stream.
    /// </remarks>
    public long Time => Math.Max(_declared, _repeats ? Last - 1 : Last);

    /// <summary>Time of the newest value; <see cref="long.MinValue"/>: there was none.</summary>
    public long Last { get; private set; } = long.MinValue;

    /// <summary>Whether it was selected when the role was taken over: only of such a stream the old Primary can have sent anything.</summary>
    public bool IsHandedOver { get; set; }

    /// <summary>A value was published.</summary>
    /// <returns>False: it is older than what was published or declared before.</returns>
    public bool Publish(long time)
    {
        _repeats |= time == Last;
        var isInOrder = time >= Last && time > _declared;
        Last = Math.Max(Last, time);
        return isInOrder;
    }

    /// <summary>The clock that the times are of was set back.</summary>
    /// <param name="by">Ticks.</param>
    public void SetBack(long by)
    {
        Last -= Last == long.MinValue ? 0 : by;
        _declared -= _declared == long.MinValue ? 0 : by;
    }

    /// <summary>The component declared that nothing up to a time is still to come.</summary>
    public void Declare(long time) => _declared = Math.Max(_declared, time);
}
