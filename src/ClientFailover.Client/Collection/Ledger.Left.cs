using ClientFailover.Client.Buffering;

namespace ClientFailover.Client.Collection;

/// <summary>What an earlier run left in the buffer.</summary>
internal sealed partial class Ledger
{
    /// <summary>The buffer was opened.</summary>
    public void Opened()
    {
        lock (_sync)
        {
            var now = Instant.Now(_time);
            _pauses.Tick(now);
            _secondarySince = now.Monotonic;
            KeepLeft(now);
        }
    }

    /// <summary>See <see cref="IItemBuffer.TakingLeft"/>: where the disk could not be used at first, the adapter has a role by now, and may be about to trim.</summary>
    private void TakesLeft(Action take)
    {
        lock (_sync)
        {
            var count = _buffer.Count;
            take();
            if (_buffer.Count == count)
            {
                return;
            }

            KeepLeft(Instant.Now(_time));
            _isCutClear = false;
            _permitVersion++;
        }

        DutiesChanged();
    }

    /// <summary>It is in others' buffers only if the mode was hot, and is.</summary>
    private void KeepLeft(Instant now)
    {
        if ((_mode != FailoverMode.Hot || _buffer.IsUnshared) && _buffer.Count > 0)
        {
            _ownUpTo = LatestOf(now);
        }

        Mark();
    }
}
