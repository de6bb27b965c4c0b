using ClientFailover.Client.Collection;

namespace ClientFailover.Client;

/// <summary>The start of an adapter and its stop, each done once.</summary>
public sealed partial class FailoverAdapter
{
    private async Task StartOnceAsync(CancellationToken cancellation)
    {
        await _buffer.OpenAsync(cancellation).ConfigureAwait(false);
        _isOpen = true;
        lock (_sync)
        {
            if (_stopped is not null)
            {
                throw new OperationCanceledException("The adapter was stopped while it was started.");
            }
        }

        _ledger.Opened();
        _watch = _time.CreateTimer(static a => ((FailoverAdapter)a!)._ledger.Tick(), this, PauseWatch.Interval, PauseWatch.Interval);
        _running = Task.WhenAll(_runners.Select(r => Task.Run(r.RunAsync, CancellationToken.None)));
        _pumping = Task.Run(() => _pump.RunAsync(_pumpStop.Token), CancellationToken.None);
        _membership.Start();
        _state = AdapterState.Running;
    }

    private async Task StopOnceAsync(CancellationToken cancellation)
    {
        if (_starting is not null)
        {
            // What is started meanwhile is to be stopped too. One that fails has told its caller.
            await WithinAsync(Task.WhenAny(_starting), cancellation).ConfigureAwait(false);
            _state = AdapterState.Stopping;

            // The role is given away before the components stop: until then this adapter goes on, then another does.
            _ledger.Stop();
            await GuardedAsync(_membership.StopAsync(cancellation)).ConfigureAwait(false);
            await WithinAsync(FinishedAsync(cancellation), cancellation).ConfigureAwait(false);
            await _pumpStop.CancelAsync().ConfigureAwait(false);
            await WithinAsync(_pumping, cancellation).ConfigureAwait(false);
            _runners.ForEach(r => r.Stop());
            await WithinAsync(_running, cancellation).ConfigureAwait(false);
            if (_watch is not null)
            {
                await _watch.DisposeAsync().ConfigureAwait(false);
            }

            // Of a buffer that could not be opened nobody answers.
            if (_isOpen)
            {
                await GuardedAsync(_buffer.FlushAsync(cancellation)).ConfigureAwait(false);
            }
        }

        await _buffer.DisposeAsync().ConfigureAwait(false);
        _state = AdapterState.Stopped;
    }

    /// <summary>Waits until nothing is left that nobody else has.</summary>
    private async Task FinishedAsync(CancellationToken cancellation)
    {
        while (_ledger.Permit().IsGiven && !_pumping.IsCompleted && !cancellation.IsCancellationRequested)
        {
            await _reviewed.WaitAsync().ConfigureAwait(false);
        }
    }

    private async Task WithinAsync(Task task, CancellationToken cancellation)
    {
        try
        {
            await task.WaitAsync(Patience, _time, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            LogImpatient(_log, Patience.TotalSeconds);
        }
    }

    private async Task GuardedAsync(Task task)
    {
        try
        {
            await task.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            LogStopFailed(_log, e);
        }
    }
}
