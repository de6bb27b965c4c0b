namespace ClientFailover.Client.Collection;

/// <summary>Responsible for what a component tells between one start and the stop that follows; what comes later is not heard.</summary>
internal sealed class ComponentContext(Ledger ledger, ComponentRecord component, Action shown) : IComponentContext
{
    private const int MaxPayload = 1 << 20;

    private volatile bool _isOver;

    /// <summary>The component was stopped.</summary>
    public void End() => _isOver = true;

    /// <inheritdoc/>
    public void SelectStreams(IEnumerable<string> streams)
    {
        ArgumentNullException.ThrowIfNull(streams);
        if (!_isOver)
        {
            ledger.Select(component, streams);
        }
    }

    /// <inheritdoc/>
    public void Publish(string stream, DateTimeOffset sourceTime, ReadOnlyMemory<byte> payload)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (payload.Length > MaxPayload)
        {
            throw new ArgumentException($"A payload of {payload.Length} bytes; {MaxPayload} is the most.", nameof(payload));
        }

        if (!_isOver)
        {
            ledger.Publish(component, stream, sourceTime, payload);
            shown();
        }
    }

    /// <inheritdoc/>
    public void Progress(DateTimeOffset upTo)
    {
        if (!_isOver)
        {
            ledger.Progress(component, upTo);
            shown();
        }
    }

    /// <inheritdoc/>
    public void ReportScore(float score)
    {
        if (!_isOver)
        {
            ledger.Reports(component, score);
        }
    }

    /// <inheritdoc/>
    public void CaughtUp()
    {
        if (!_isOver)
        {
            ledger.CatchesUp(component);
        }
    }
}
