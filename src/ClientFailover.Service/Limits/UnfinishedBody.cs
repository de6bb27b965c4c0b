using System.Buffers;
using System.IO.Pipelines;
using ClientFailover.Service.Transport.Errors;
using ClientFailover.Service.Transport.Rest;
using Microsoft.AspNetCore.Http.Features;

namespace ClientFailover.Service.Limits;

/// <summary>
/// Responsible for one body that was not there as a whole when its request was: it is counted for as long as it is waited for, and its reader is told
/// when it has to end.
/// </summary>
/// <param name="inner">The bytes.</param>
/// <param name="http">The request.</param>
/// <param name="bodies">Counts.</param>
internal sealed class UnfinishedBody(PipeReader inner, HttpContext http, UnfinishedBodies bodies) : PipeReader, IRequestBodyPipeFeature
{
    // The web server takes memory by the block, however little is in it.
    private const int Block = 4096;

    private RelayedRead? _waiting;
    private Entry? _entry;
    private ReadOnlySequence<byte> _read;
    private bool _isWhole;

    /// <inheritdoc/>
    public PipeReader Reader => this;

    /// <summary>The request is over.</summary>
    public void Leave()
    {
        if (_entry is { } entry)
        {
            entry.Finish();
            bodies.Leave(entry);
        }
    }

    /// <inheritdoc/>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (Find() is { } failure)
        {
            return ValueTask.FromException<ReadResult>(failure);
        }

        var reading = inner.ReadAsync(cancellationToken);
        if (reading.IsCompletedSuccessfully)
        {
            return new ValueTask<ReadResult>(Keep(reading.Result));
        }

        Enter();
        return (_waiting ??= new RelayedRead(r => new ValueTask<ReadResult>(Keep(r)))).After(reading);
    }

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        if (Find() is { } failure)
        {
            throw failure;
        }

        var any = inner.TryRead(out result);
        if (any)
        {
            result = Keep(result);
        }

        return any;
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        var left = _read.Slice(consumed).Length;
        _read = default;
        inner.AdvanceTo(consumed, examined);
        if (!_isWhole)
        {
            bodies.Hold(Enter(), (left + Block - 1) / Block * Block);
        }
    }

    /// <inheritdoc/>
    public override void CancelPendingRead() => inner.CancelPendingRead();

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    /// <inheritdoc/>
    public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

    private Entry Enter()
    {
        if (_entry is null)
        {
            bodies.Enter(_entry = new Entry(this), CallerKey.Of(http));
        }

        return _entry;
    }

    private ReadResult Keep(ReadResult result)
    {
        // What came as a whole in the last moment is good.
        if (result is not { IsCompleted: true, IsCanceled: false } && Find() is { } failure)
        {
            inner.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            throw failure;
        }

        _read = result.Buffer;
        if (result.IsCompleted && !_isWhole)
        {
            _isWhole = true;
            Leave();
        }

        return result;
    }

    private Exception? Find()
    {
        if (_entry?.Status is not { } status)
        {
            return null;
        }

        if (!HttpProtocol.IsHttp2(http.Request.Protocol))
        {
            // Where such a body ends nobody knows: nothing after it can be read as a request.
            http.Response.Headers.Connection = "close";
        }

        var failure = RestFailures.Of(status);
        return http.IsRest() ? new BadHttpRequestException(failure.Cause, status) : failure.ToRpcException();
    }

    private void Cancel()
    {
        try
        {
            inner.CancelPendingRead();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or InvalidOperationException)
        {
            // The peer is gone: the read ends by itself.
        }
    }

    private void CountEnd() => bodies.Ended();

    /// <summary>What it is among all.</summary>
    private sealed class Entry(UnfinishedBody body) : BacklogEntry
    {
        private readonly Lock _ending = new();
        private bool _isFinished;
        private volatile int _status;

        /// <summary>With what it was ended; null: it was not.</summary>
        public int? Status => _status is > 0 and var status ? status : null;

        /// <summary>From here on the web server may use what it is read from for another request.</summary>
        public void Finish()
        {
            lock (_ending)
            {
                _isFinished = true;
            }
        }

        /// <inheritdoc/>
        public override void End(bool isLate)
        {
            lock (_ending)
            {
                if (_isFinished)
                {
                    return;
                }

                _isFinished = true;
                _status = isLate ? StatusCodes.Status408RequestTimeout : StatusCodes.Status429TooManyRequests;
                body.Cancel();
            }

            body.CountEnd();
        }
    }
}
