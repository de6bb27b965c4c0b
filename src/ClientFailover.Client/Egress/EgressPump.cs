using ClientFailover.Client.Buffering;
using ClientFailover.Client.Collection;
using ClientFailover.Client.Timing;
using Microsoft.Extensions.Logging;

namespace ClientFailover.Client.Egress;

/// <summary>Responsible for sending what the buffer holds, in order, one batch at a time, for as long as the ledger permits it.</summary>
internal sealed partial class EgressPump(Ledger ledger, IItemBuffer buffer, IEgress egress, TimeProvider time, ILogger log)
{
    private const int MaxItems = 1_000;
    private const int MaxBytes = 128 << 10;

    private static readonly TimeSpan LeaseRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly Signal _signal = new(time);
    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(100), Random.Shared.NextDouble);
    private readonly Lock _sync = new();
    private CancellationTokenSource? _sending;
    private bool _isFailing;
    private bool _isRejected;
    private bool _isUnreadable;

    /// <summary>Whether it waits and nothing has woken it.</summary>
    internal bool IsIdle => _signal.IsAwaited;

    /// <summary>There is something new to send, or the permit is another one.</summary>
    public void Wake() => _signal.Set();

    /// <summary>The permit may have been withdrawn: what is in flight without one is cancelled.</summary>
    public void ReviewPermit()
    {
        if (!ledger.MayFinishBatch)
        {
            Cancel();
        }

        _signal.Set();
    }

    /// <summary>Gives up what is in flight.</summary>
    public void Cancel()
    {
        lock (_sync)
        {
            // Not here: what the egress hangs on the token may take its time.
            _ = _sending?.CancelAsync();
        }
    }

    /// <summary>Sends until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var registration = cancellation.UnsafeRegister(static p => ((EgressPump)p!).Wake(), this);
        while (!cancellation.IsCancellationRequested)
        {
            var permit = ledger.Permit();
            var items = permit.IsGiven ? await ReadAsync(permit, cancellation).ConfigureAwait(false) : [];
            if (items.Count == 0)
            {
                await _signal.WaitAsync().ConfigureAwait(false);
            }
            else if (ledger.TrySend(permit, items))
            {
                if (!await SendAsync(items, permit, cancellation).ConfigureAwait(false))
                {
                    await PauseAsync(_backoff.Next(LongestPause), permit, cancellation).ConfigureAwait(false);
                }
            }
            else if (!ledger.HasLease())
            {
                await _signal.WaitAsync(LeaseRetry).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask<IReadOnlyList<DataItem>> ReadAsync(EgressPermit permit, CancellationToken cancellation)
    {
        try
        {
            var items = await buffer.ReadAsync(MaxItems, MaxBytes, permit.UpTo, cancellation).ConfigureAwait(false);
            _isUnreadable = false;
            if (items.Count == 0)
            {
                ledger.Emptied(permit);
            }

            return items;
        }
        catch (OperationCanceledException)
        {
            return [];
        }
        catch (Exception e)
        {
            if (!_isUnreadable)
            {
                _isUnreadable = true;
                LogUnreadable(log, e);
            }

            await PauseAsync(_backoff.Next(LongestPause), permit, cancellation).ConfigureAwait(false);
            _signal.Set();
            return [];
        }
    }

    /// <summary>Sends a batch.</summary>
    /// <returns>False: it has to be sent again.</returns>
    private async Task<bool> SendAsync(IReadOnlyList<DataItem> items, EgressPermit permit, CancellationToken cancellation)
    {
        using var sending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        lock (_sync)
        {
            _sending = sending;
        }

        var (taken, rejected) = (0, 0);
        try
        {
            if (!ledger.MayFinishBatch)
            {
                await sending.CancelAsync().ConfigureAwait(false);
            }

            var context = new EgressContext(permit.Term, items[0].ReceivedTime < permit.ReplayBefore);
            await egress.SendAsync(items, context, sending.Token).ConfigureAwait(false);
            taken = items.Count;
            Succeeded(isRejection: false);
        }
        catch (DataRejectedException e)
        {
            rejected = Math.Clamp(e.Rejected ?? items.Count, 0, items.Count);
            taken = items.Count - rejected;
            if (!_isRejected)
            {
                _isRejected = true;
                LogRejected(log, rejected, items.Count, items[0].Stream, items[0].SourceTime, e);
            }

            Succeeded(isRejection: true);
        }
        catch (OperationCanceledException) when (sending.IsCancellationRequested)
        {
            // Whether the destination has the values is not known: they stay.
        }
        catch (Exception e)
        {
            if (!_isFailing)
            {
                _isFailing = true;
                LogFailed(log, items.Count, e);
            }
        }
        finally
        {
            lock (_sync)
            {
                _sending = null;
            }

            ledger.Sent(taken, rejected);
        }

        return taken + rejected > 0 || sending.IsCancellationRequested;
    }

    private void Succeeded(bool isRejection)
    {
        _backoff.Reset();
        if (_isFailing)
        {
            _isFailing = false;
            LogResolved(log);
        }

        if (_isRejected && !isRejection)
        {
            _isRejected = false;
            LogTakesAgain(log, ledger.Rejected);
        }
    }

    /// <summary>Waits, but no longer than the permit is what it was.</summary>
    private async Task PauseAsync(TimeSpan pause, EgressPermit permit, CancellationToken cancellation)
    {
        var end = time.GetTimestamp();
        while (!cancellation.IsCancellationRequested && ledger.Permit().Version == permit.Version && pause - time.GetElapsedTime(end) is { Ticks: > 0 } left)
        {
            await _signal.WaitAsync(left).ConfigureAwait(false);
        }
    }
}
