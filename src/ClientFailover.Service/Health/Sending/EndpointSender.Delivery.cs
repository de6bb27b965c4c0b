using ClientFailover.Service.Health.Omf;

namespace ClientFailover.Service.Health.Sending;

/// <content>One message on its way.</content>
internal sealed partial class EndpointSender
{
    /// <summary>Sends a message, and before it what the endpoint must know for it. Done when it was taken, is dropped, or is to give way to the last one.</summary>
    private async Task DeliverAsync(HealthSample sample)
    {
        var wasUnknown = false;
        while (true)
        {
            var message = _structure.Next ?? sample.Message;
            var answer = await PostAsync(message).ConfigureAwait(false);
            var verdict = AnswerPolicy.Judge(message.Kind, answer);
            _services.Meter.Sent(message.Kind, verdict);
            if (verdict == Verdict.Retry)
            {
                if (!await PauseAsync(message.Kind, answer).ConfigureAwait(false))
                {
                    GiveWay();
                    return;
                }

                continue;
            }

            _backoff.Reset();
            _trouble.Answered(_backlog.Count + 1, Interlocked.Exchange(ref _dropped, 0));
            if (verdict == Verdict.Unknown && !wasUnknown)
            {
                wasUnknown = true;
                _structure.Forgotten();
                continue;
            }

            Note(message.Kind, verdict, answer);
            if (message.Kind == OmfKind.Data)
            {
                _current = null;
                if (verdict != Verdict.Accepted)
                {
                    Drop(sample, DropReason.Refused);
                }

                return;
            }

            _structure.Told(message.Kind);
        }
    }

    private async Task<OmfAnswer> PostAsync(OmfMessage message)
    {
        // What is under way when the service stops has less time than what is sent then.
        var isLast = _stopping.IsCancellationRequested;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token, isLast ? CancellationToken.None : _hurry.Token);
        _state = SenderState.Sending;
        try
        {
            return await _client.PostAsync(message, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!_ended.IsCancellationRequested)
        {
            return OmfAnswer.None("the service stops");
        }
    }

    /// <returns>False: there is no time for another try.</returns>
    private async Task<bool> PauseAsync(OmfKind kind, OmfAnswer answer)
    {
        var pause = _backoff.Next(AnswerPolicy.WishOf(answer));
        _trouble.Failed(kind, answer.Reason, pause);
        if (_stopping.IsCancellationRequested)
        {
            if (Volatile.Read(ref _last) is not null || _services.Time.GetElapsedTime(_stoppedAt) + pause >= LastWords)
            {
                return false;
            }

            await RestAsync(pause, _ended.Token).ConfigureAwait(false);
            return true;
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token, _stopping.Token);
        try
        {
            await RestAsync(pause, either.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!_ended.IsCancellationRequested)
        {
            return false;
        }
    }

    private Task RestAsync(TimeSpan pause, CancellationToken cancellation)
    {
        _pause = Task.Delay(pause, _services.Time, cancellation);
        _state = SenderState.Waiting;
        return _pause;
    }

    /// <summary>Puts back what could not be sent: the last message is tried before it; without one, there is no time for anything.</summary>
    private void GiveWay()
    {
        if (Volatile.Read(ref _last) is null)
        {
            _ended.Cancel();
            _ended.Token.ThrowIfCancellationRequested();
        }

        _backlog.Return([_current!]);
        _current = null;
    }

    private void Note(OmfKind kind, Verdict verdict, OmfAnswer answer)
    {
        if (verdict == Verdict.Accepted)
        {
            _trouble.Accepted(kind);
        }
        else
        {
            _trouble.Refused(kind, answer.Reason);
        }
    }
}
