using System.Threading.Channels;

namespace ClientFailover.Service.Health.Sending;

/// <summary>Responsible for what waits for an endpoint: the newest, and no more than there is room for. Safe for use by many threads.</summary>
/// <param name="dropped">Is given what there was no room for.</param>
internal sealed class Backlog(Action<HealthSample> dropped)
{
    /// <summary>How many it has room for: an hour's.</summary>
    public const int Capacity = 60;

    private readonly Lock _gate = new();
    private readonly LinkedList<HealthSample> _samples = new();
    private readonly Channel<bool> _changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>How many wait.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _samples.Count;
            }
        }
    }

    /// <summary>Adds the newest.</summary>
    /// <param name="sample">It.</param>
    public void Add(HealthSample sample) => Add([sample], atEnd: true);

    /// <summary>Takes back what is older than all that waits.</summary>
    /// <param name="samples">It, the oldest first.</param>
    public void Return(IReadOnlyList<HealthSample> samples) => Add(samples, atEnd: false);

    /// <summary>Takes the oldest.</summary>
    /// <returns>It; null: nothing waits.</returns>
    public HealthSample? Take()
    {
        lock (_gate)
        {
            var first = _samples.First;
            if (first is not null)
            {
                _samples.RemoveFirst();
            }

            return first?.Value;
        }
    }

    /// <summary>Ends a waiting, or the next one.</summary>
    public void Wake() => _changed.Writer.TryWrite(true);

    /// <summary>Waits for something new, or for <see cref="Wake"/>.</summary>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>Completes when there may be something.</returns>
    public async Task WaitAsync(CancellationToken cancellation) => await _changed.Reader.ReadAsync(cancellation).ConfigureAwait(false);

    private void Add(IReadOnlyList<HealthSample> samples, bool atEnd)
    {
        var excess = new List<HealthSample>();
        lock (_gate)
        {
            if (atEnd)
            {
                foreach (var sample in samples)
                {
                    _samples.AddLast(sample);
                }
            }
            else
            {
                foreach (var sample in samples.Reverse())
                {
                    _samples.AddFirst(sample);
                }
            }

            while (_samples.Count > Capacity)
            {
                excess.Add(_samples.First!.Value);
                _samples.RemoveFirst();
            }
        }

        excess.ForEach(dropped);
        Wake();
    }
}
