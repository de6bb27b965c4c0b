namespace ClientFailover.Client.Collection;

/// <summary>Responsible for what the ledger knows of one component. Guarded by the ledger's lock.</summary>
internal sealed class ComponentRecord(string name)
{
    private Dictionary<string, StreamProgress> _streams = new(StringComparer.Ordinal);

    public string Name => name;

    public ComponentPhase Phase { get; set; }

    /// <summary>The score that the component reports of itself while it collects.</summary>
    public float Reported { get; set; } = 100;

    /// <summary>Whether it was logged that it publishes values out of order.</summary>
    public bool IsOutOfOrder { get; set; }

    /// <summary>When it was last in error, by the monotonic clock; null: it is not known to be in error.</summary>
    public TimeSpan? FailedAt { get; set; }

    /// <summary>What it may have missed, unless that is resolved.</summary>
    public Gap? Gap { get; set; }

    /// <summary>A component that has selected no streams yet weighs as one: it must not vanish from the score.</summary>
    public int Weight => Math.Max(1, _streams.Count);

    /// <summary>How far its slowest stream is; <see cref="long.MinValue"/>: not known.</summary>
    public long Progress
    {
        get
        {
            var least = _streams.Count == 0 ? long.MinValue : long.MaxValue;
            foreach (var stream in _streams.Values)
            {
                least = Math.Min(least, stream.Time);
            }

            return least;
        }
    }

    /// <summary>Time of the newest value of any stream; <see cref="long.MinValue"/>: there was none.</summary>
    public long Newest
    {
        get
        {
            var newest = long.MinValue;
            foreach (var stream in _streams.Values)
            {
                newest = Math.Max(newest, stream.Last);
            }

            return newest;
        }
    }

    /// <summary>A stream that is selected again keeps its progress.</summary>
    public void Select(IEnumerable<string> streams)
    {
        var selected = new Dictionary<string, StreamProgress>(StringComparer.Ordinal);
        foreach (var stream in streams)
        {
            selected[stream] = _streams.GetValueOrDefault(stream) ?? new StreamProgress();
        }

        _streams = selected;
    }

    /// <summary>The role is taken over, with the streams that are selected now.</summary>
    public void TakeOver()
    {
        foreach (var stream in _streams.Values)
        {
            stream.IsHandedOver = true;
        }
    }

    public bool Selects(string stream) => _streams.ContainsKey(stream);

    public StreamProgress? Find(string stream) => _streams.GetValueOrDefault(stream);

    /// <summary>The clock of receipt was set back by so many ticks.</summary>
    public void SetBack(long by)
    {
        Gap?.SetBack(by);
        foreach (var stream in _streams.Values)
        {
            stream.SetBack(by);
        }
    }

    public void Declare(long time)
    {
        foreach (var stream in _streams.Values)
        {
            stream.Declare(time);
        }
    }
}
