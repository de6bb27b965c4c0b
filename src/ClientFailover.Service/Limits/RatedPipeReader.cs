using System.Buffers;
using System.IO.Pipelines;

namespace ClientFailover.Service.Limits;

/// <summary>
/// Responsible for reading no faster than a rate. What a caller sends beyond it stays in the network, and the caller is held up by its own
/// sends: nothing is lost, and whatever it sends (heartbeats, pings, settings, resets) costs the service no more than the rate.
/// A connection that sends little does not wait for others of its address: an adapter may share it with whoever floods the service.
/// </summary>
/// <param name="inner">The bytes.</param>
/// <param name="entry">The connection: whose rate, in bytes, it shares with others. It has one.</param>
/// <param name="own">The rate of this connection, which it has besides: so small that all connections of an address together add little.</param>
/// <param name="meter">Counts.</param>
/// <param name="time">The clock.</param>
internal sealed class RatedPipeReader(PipeReader inner, ConnectionEntry entry, Rate own, LimitMeter meter, TimeProvider time) : PipeReader
{
    // Charged as soon as bytes are given out, and not only when they are used: else all connections that wait for some read at the same time. What
    // turns out not to be used yet is returned.
    private const long MostInAdvance = 64 * 1024;

    // A cancelled read is noticed after this.
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    private RelayedRead? _waiting;
    private CancellationToken _cancellation;

    // What has come, and may not be given out yet.
    private ReadResult? _held;
    private ReadOnlySequence<byte> _read;
    private Rate _charged = entry.Input!;
    private long _inAdvance;
    private bool _takesItsOwn;
    private volatile bool _isCancelled;

    /// <inheritdoc/>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        _cancellation = cancellationToken;
        if (_held is { } held)
        {
            return GiveOutAsync(held);
        }

        var reading = inner.ReadAsync(cancellationToken);
        return reading.IsCompletedSuccessfully ? GiveOutAsync(reading.Result) : (_waiting ??= new RelayedRead(GiveOutAsync)).After(reading);
    }

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        if (_held is null && inner.TryRead(out var read))
        {
            _held = read;
        }

        if (_held is { } held && MayGiveOut(held))
        {
            result = GiveOut(held);
            return true;
        }

        result = default;
        return false;
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        Charge(_read.Slice(_read.Start, consumed).Length - _inAdvance);
        (_read, _inAdvance) = (default, 0);
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

    private ValueTask<ReadResult> GiveOutAsync(ReadResult result)
    {
        if (MayGiveOut(result))
        {
            return new ValueTask<ReadResult>(GiveOut(result));
        }

        _held = result;
        return PauseAsync(result, _cancellation);
    }

    private bool MayGiveOut(ReadResult result) => MayRead(out _) || result.IsCanceled || result.Buffer.IsEmpty;

    private bool MayRead(out TimeSpan wait)
    {
        wait = entry.Input!.Overdrawn;
        _takesItsOwn = wait > TimeSpan.Zero && own.Overdrawn == TimeSpan.Zero;
        return wait == TimeSpan.Zero || _takesItsOwn || _isCancelled;
    }

    private ReadResult GiveOut(ReadResult result)
    {
        if (result.IsCanceled)
        {
            _isCancelled = false;
        }

        _held = null;
        (_read, _charged, _inAdvance) = (result.Buffer, entry.Input!, Math.Min(result.Buffer.Length, MostInAdvance));
        Charge(_inAdvance);
        return result;
    }

    private void Charge(long amount)
    {
        if (amount == 0)
        {
            return;
        }

        Charge(_charged, amount);
        if (_takesItsOwn)
        {
            Charge(own, amount);
        }
    }

    private static void Charge(Rate rate, long amount)
    {
        if (amount > 0)
        {
            rate.Charge(amount);
        }
        else
        {
            rate.Return(-amount);
        }
    }

    private async ValueTask<ReadResult> PauseAsync(ReadResult result, CancellationToken cancellationToken)
    {
        meter.Refused(LimitMeter.Input);
        while (!MayRead(out var wait))
        {
            await Task.Delay(wait < LongestPause ? wait : LongestPause, time, cancellationToken).ConfigureAwait(false);
        }

        return GiveOut(result);
    }
}
