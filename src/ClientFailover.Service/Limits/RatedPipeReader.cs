using System.Buffers;
using System.IO.Pipelines;

namespace ClientFailover.Service.Limits;

/// <summary>
/// Responsible for reading no faster than a rate. What a caller sends beyond it stays in the network, and the caller is held up by its own
/// sends: nothing is lost, and whatever it sends (heartbeats, pings, settings, resets) costs the service no more than the rate.
/// A connection that sends little does not wait for others of its address: an adapter may share it with whoever floods the service.
/// </summary>
/// <param name="inner">The bytes.</param>
/// <param name="rate">The rate, in bytes, shared by all connections of an address.</param>
/// <param name="own">The rate of this connection, which it has besides: so small that all connections of an address together add little.</param>
/// <param name="meter">Counts.</param>
/// <param name="time">The clock.</param>
internal sealed class RatedPipeReader(PipeReader inner, Rate rate, Rate own, LimitMeter meter, TimeProvider time) : PipeReader
{
    // A cancelled read is noticed after this.
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    private RelayedRead? _waiting;
    private ReadOnlySequence<byte> _read;
    private bool _takesItsOwn;
    private volatile bool _isCancelled;

    /// <inheritdoc/>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (!MayRead(out _))
        {
            return PauseAndReadAsync(cancellationToken);
        }

        var reading = inner.ReadAsync(cancellationToken);
        return reading.IsCompletedSuccessfully ? new ValueTask<ReadResult>(Keep(reading.Result)) : (_waiting ??= new RelayedRead(Keep)).After(reading);
    }

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        if (!MayRead(out _) || !inner.TryRead(out result))
        {
            result = default;
            return false;
        }

        Keep(result);
        return true;
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        var length = _read.Slice(_read.Start, consumed).Length;
        _read = default;
        if (length > 0)
        {
            rate.Charge(length);
            if (_takesItsOwn)
            {
                own.Charge(length);
            }
        }

        inner.AdvanceTo(consumed, examined);
    }

    /// <inheritdoc/>
    public override void CancelPendingRead()
    {
        _isCancelled = true;
        inner.CancelPendingRead();
    }

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    /// <inheritdoc/>
    public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

    private bool MayRead(out TimeSpan wait)
    {
        wait = rate.Overdrawn;
        _takesItsOwn = wait > TimeSpan.Zero && own.Overdrawn == TimeSpan.Zero;
        return wait == TimeSpan.Zero || _takesItsOwn || _isCancelled;
    }

    private ReadResult Keep(ReadResult result)
    {
        if (result.IsCanceled)
        {
            _isCancelled = false;
        }

        _read = result.Buffer;
        return result;
    }

    private async ValueTask<ReadResult> PauseAndReadAsync(CancellationToken cancellationToken)
    {
        meter.Refused(LimitMeter.Input);
        while (!MayRead(out var wait))
        {
            await Task.Delay(wait < LongestPause ? wait : LongestPause, time, cancellationToken).ConfigureAwait(false);
        }

        return Keep(await inner.ReadAsync(cancellationToken).ConfigureAwait(false));
    }
}
