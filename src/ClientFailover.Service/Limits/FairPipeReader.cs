using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace ClientFailover.Service.Limits;

/// <summary>
/// Responsible for connections taking turns. The web server works off what was sent ahead (requests over HTTP/1.1, frames over HTTP/2) in one go,
/// as long as there is any: a few such connections would hold every thread, and the heartbeats of others wait behind thousands of requests or
/// pings. Here, after what belongs to one request, the connection goes to the back of the queue of all that is to be done.
/// </summary>
/// <param name="inner">The bytes, next to what reads requests from them: after TLS.</param>
/// <param name="address">Of whoever sends, over HTTP/2: how much is given out at a time depends on it; null: all.</param>
internal sealed class FairPipeReader(PipeReader inner, AddressBudget? address = null) : PipeReader
{
    /// <summary>Reads that may be answered at once, one after the other: those of one request, its header and its body.</summary>
    public const int Turn = 2;

    private RelayedRead? _waiting;
    private int _atOnce;
    private bool _isCut;

    /// <inheritdoc/>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        var reading = inner.ReadAsync(cancellationToken);
        if (!reading.IsCompletedSuccessfully)
        {
            // Nothing was sent ahead: whoever else is waiting goes on meanwhile.
            _atOnce = 0;
            return address is null ? reading : (_waiting ??= new RelayedRead(r => new ValueTask<ReadResult>(Slice(r)))).After(reading);
        }

        // Over HTTP/2 what is given out is small only where there was more than that.
        if (++_atOnce < Turn || (address is not null && !_isCut))
        {
            return address is null ? reading : new ValueTask<ReadResult>(Slice(reading.Result));
        }

        _atOnce = 0;
        return AfterOthersAsync(reading);
    }

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        var any = inner.TryRead(out result);
        result = Slice(result);
        return any;
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => inner.AdvanceTo(consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.AdvanceTo(consumed, examined);

    /// <inheritdoc/>
    public override void CancelPendingRead() => inner.CancelPendingRead();

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    /// <inheritdoc/>
    public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> AfterOthersAsync(ValueTask<ReadResult> reading)
    {
        await BackOfTheQueue.Yield;
        return Slice(await reading.ConfigureAwait(false));
    }

    // The rest is there at the next read: it has not been examined.
    private ReadResult Slice(ReadResult result)
    {
        var slice = address?.Slice ?? int.MaxValue;
        _isCut = result.Buffer.Length > slice;
        return _isCut ? new ReadResult(result.Buffer.Slice(0, slice), result.IsCanceled, isCompleted: false) : result;
    }
}
