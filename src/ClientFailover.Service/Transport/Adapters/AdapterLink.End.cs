using ClientFailover.Service.Groups;
using Google.Protobuf.WellKnownTypes;

namespace ClientFailover.Service.Transport.Adapters;

/// <content>How the service ends a stream, and what it tells before.</content>
internal sealed partial class AdapterLink
{
    private bool _expiryTold;
    private volatile bool _ended;

    /// <summary>Whether the service has ended the stream.</summary>
    public bool HasEnded => _ended;

    /// <summary>Why the service ended it; null: it did not, or it stops.</summary>
    public LinkEnd? EndReason { get; private set; }

    /// <summary>Tells the adapter, once, that what the stream was opened with expires.</summary>
    /// <param name="left">In how long.</param>
    public void TellExpiry(TimeSpan left)
    {
        if (!_expiryTold)
        {
            _expiryTold = true;
            Notify(new V1.Notice
            {
                Kind = V1.Notice.Types.Kind.CredentialExpiring,
                Message = "The token of this stream expires soon. Open another stream with a new one; the role is kept.",
                RetryAfter = Duration.FromTimeSpan(left),
            });
        }
    }

    /// <inheritdoc/>
    public void End(LinkEnd reason)
    {
        EndReason ??= reason;
        Cancel();
    }

    /// <summary>Ends the stream because the service stops.</summary>
    public void Stop()
    {
        Notify(new V1.Notice { Kind = V1.Notice.Types.Kind.ShuttingDown, Message = "The service is stopping. Roles are kept. Connect again." });
        Cancel();
    }

    /// <summary>Sends what is left, and nothing after it.</summary>
    /// <returns>Done when it is sent, or cannot be.</returns>
    public Task FinishAsync()
    {
        lock (_gate)
        {
            _finishing = true;
            _finished = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_gone)
            {
                _finished.SetResult();
            }
        }

        Pump();
        return _finished.Task;
    }

    /// <summary>The stream has ended: from now on, the web server may use what it read from for another.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
        }
    }

    /// <summary>Breaks off reading. A token for each read would cost every heartbeat its registration.</summary>
    private void Cancel()
    {
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            _ended = true;
            try
            {
                _requests.CancelPendingRead();
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // The peer is gone: nothing is read any more.
            }
        }
    }
}
