using ClientFailover.Client;

namespace ClientFailover.Continuity.Adapters.Field;

/// <summary>
/// Responsible for what an adapter of the field has collected and not yet sent. It is in memory only, and trimmed by time of
/// receipt: up to half a failover timeout before what the Primary is known to have sent.
/// </summary>
internal sealed class FieldQueue(FailoverMode mode, bool isSabotaged)
{
    private const int MostTogether = 1000;

    private readonly Lock _gate = new();
    private readonly Queue<Item> _items = new();
    private readonly SemaphoreSlim _changed = new(0, 1);
    private long _number;
    private bool _sends;

    /// <summary>
    /// In hot mode the time of receipt of the last value that was sent, otherwise the time at which the last one was given
    /// to the egress; the default if there is none.
    /// </summary>
    public DateTime LastDataProcessed { get; private set; }

    /// <summary>Takes a value that was collected.</summary>
    public void Add(OmfValue value)
    {
        lock (_gate)
        {
            var now = DateTime.UtcNow;
            _items.Enqueue(new Item(++_number, now, value));
            if (mode != FailoverMode.Hot)
            {
                LastDataProcessed = now;
            }
        }

        Wake();
    }

    /// <summary>Does what the role asks for.</summary>
    /// <param name="isPrimary">Whether it is Primary from now.</param>
    /// <param name="lastDataProcessed">What a Primary of the group has sent; null: not known.</param>
    /// <param name="failoverTimeout">The group's.</param>
    public void Assume(bool isPrimary, DateTime? lastDataProcessed, TimeSpan failoverTimeout)
    {
        lock (_gate)
        {
            // What was collected outside of hot mode was collected as Primary: nobody else has it.
            if (mode == FailoverMode.Hot && !(isPrimary && _sends))
            {
                var margin = isSabotaged ? -failoverTimeout : failoverTimeout / 2;
                while (_items.TryPeek(out var oldest) && oldest.Received <= lastDataProcessed - margin)
                {
                    _items.Dequeue();
                }
            }

            _sends = isPrimary || mode != FailoverMode.Hot;
        }

        Wake();
    }

    /// <summary>Whether nothing waits that is to be sent.</summary>
    public bool IsSent => Read().Length == 0;

    /// <summary>Sends what there is, for as long as the role allows it.</summary>
    public async Task SendAsync(OmfSender sender, Action<string> trouble, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (Read() is not { Length: > 0 } batch)
            {
                await _changed.WaitAsync(stop);
                continue;
            }

            try
            {
                await sender.SendAsync([.. batch.Select(item => item.Value)], stop);
                Sent(batch);
            }
            catch (Exception e) when (!stop.IsCancellationRequested)
            {
                // All that an HTTP client may throw, which is more than it documents: a reset in the wrong moment is a SocketException.
                trouble($"cannot send: {e.Message}");
                await Task.Delay(TimeSpan.FromSeconds(1), stop);
            }
        }
    }

    private Item[] Read()
    {
        lock (_gate)
        {
            return _sends ? [.. _items.Take(MostTogether)] : [];
        }
    }

    private void Sent(Item[] batch)
    {
        lock (_gate)
        {
            // A reply may have trimmed some of them meanwhile.
            var last = batch[^1];
            while (_items.TryPeek(out var oldest) && oldest.Number <= last.Number)
            {
                _items.Dequeue();
            }

            if (mode == FailoverMode.Hot)
            {
                LastDataProcessed = last.Received;
            }
        }
    }

    private void Wake()
    {
        lock (_gate)
        {
            if (_changed.CurrentCount == 0)
            {
                _changed.Release();
            }
        }
    }

    private readonly record struct Item(long Number, DateTime Received, OmfValue Value);
}
