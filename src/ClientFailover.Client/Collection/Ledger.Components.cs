namespace ClientFailover.Client.Collection;

/// <summary>What components say: which streams they collect, what they collected, and how far they are.</summary>
internal sealed partial class Ledger
{
    /// <summary>Takes part from now on.</summary>
    public ComponentRecord AddComponent(string name)
    {
        lock (_sync)
        {
            var component = new ComponentRecord(name);
            _components.Add(component);
            return component;
        }
    }

    /// <summary>A component says which streams it collects.</summary>
    public void Select(ComponentRecord component, IEnumerable<string> streams)
    {
        var selected = streams.ToHashSet(StringComparer.Ordinal);
        if (selected.Count == 0 || selected.Any(string.IsNullOrEmpty))
        {
            throw new ArgumentException("At least one stream, none without an id.", nameof(streams));
        }

        lock (_sync)
        {
            if (_components.Find(c => c != component && selected.Any(c.Selects)) is { } other)
            {
                throw new ArgumentException($"Component '{other.Name}' has selected a stream of the same id.", nameof(streams));
            }

            component.Select(selected);
            Settle();
        }

        Tell();
    }

    /// <summary>A value was collected.</summary>
    public void Publish(ComponentRecord component, string stream, DateTimeOffset sourceTime, ReadOnlyMemory<byte> payload)
    {
        var isLate = false;
        lock (_sync)
        {
            // The clock first: if the process stops between these lines, the value counts for before the pause.
            var now = Instant.Now(_time);
            Enter(now);
            var progress = component.Find(stream)
                ?? throw new ArgumentException($"Component '{component.Name}' has not selected stream '{stream}'.", nameof(stream));
            var item = new DataItem(stream, sourceTime.ToUniversalTime(), now.Utc, payload);
            Collected++;
            if (item.SourceTime <= _exactCut && progress.IsHandedOver && now.Monotonic - _primarySince < _timeout)
            {
                // Of what was selected since, the old Primary has sent nothing; and what is later than any latency has another cause, as a clock set back.
                Skipped++;
            }
            else
            {
                _buffer.Append(item);
                if (_drain == DrainPhase.Cutting && TimeOf(item) <= _cut)
                {
                    _appendedUpToCut++;
                    _isCutClear = false;
                }
            }

            isLate = !progress.Publish(TimeOf(item)) && _options.SourceTimestamps && !component.IsOutOfOrder;
            component.IsOutOfOrder |= isLate;
            Settle();
        }

        if (isLate)
        {
            LogOutOfOrder(_log, component.Name, stream);
        }

        Progressed();
        Tell();
    }

    /// <summary>A component says that nothing up to a time is still to come on any of its streams.</summary>
    public void Progress(ComponentRecord component, DateTimeOffset upTo)
    {
        lock (_sync)
        {
            var now = Instant.Now(_time);
            Enter(now);

            // What is received from now on is later than what was received until now.
            var most = _options.SourceTimestamps ? long.MaxValue : now.Utc.UtcTicks - 1;
            component.Declare(Math.Min(upTo.UtcTicks, most));
            Settle();
        }

        Progressed();
        Tell();
    }
}
