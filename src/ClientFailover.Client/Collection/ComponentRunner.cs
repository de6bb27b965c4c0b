using ClientFailover.Client.Timing;
using Microsoft.Extensions.Logging;

namespace ClientFailover.Client.Collection;

/// <summary>Responsible for one component: takes it as far as mode and role want it, and starts it anew after errors.</summary>
internal sealed partial class ComponentRunner
{
    /// <summary>How long a component may take to end its collection, and to stop, before it is complained about.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private readonly IAdapterComponent _component;
    private readonly Ledger _ledger;
    private readonly ComponentRecord _record;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Signal _signal;
    private readonly Lock _sync = new();
    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(250), Random.Shared.NextDouble);
    private ComponentContext? _context;
    private CancellationTokenSource? _step;
    private ITimer? _hang;
    private ComponentPhase _phase;
    private ComponentPhase _aim;
    private volatile bool _isFailing;
    private bool _isStopping;
    private bool _isRecalled;

    public ComponentRunner(IAdapterComponent component, Ledger ledger, TimeProvider time, ILogger log)
    {
        (_component, _ledger, _time, _log) = (component, ledger, time, log);
        _record = ledger.AddComponent(component.Name);
        _signal = new Signal(time);
    }

    /// <summary>Name of its component.</summary>
    public string Name => _component.Name;

    /// <summary>Whether it waits and nothing has woken it.</summary>
    internal bool IsIdle => _signal.IsAwaited;

    /// <summary>Whether the component is where it is wanted.</summary>
    public bool IsSettled => _phase == Target && !_isFailing;

    private ComponentPhase Target => _isStopping ? ComponentPhase.Stopped : _ledger.Target;

    /// <summary>Mode or role may want something else.</summary>
    public void Review()
    {
        lock (_sync)
        {
            if (_step is { IsCancellationRequested: false } step && Target < _aim)
            {
                _ = step.CancelAsync();
                _hang = ComplainAfter(Patience);
            }
        }

        _signal.Set();
    }

    /// <summary>The component is to be stopped, and the run to end.</summary>
    public void Stop()
    {
        _isStopping = true;
        Review();
    }

    /// <summary>Runs until it is stopped.</summary>
    public async Task RunAsync()
    {
        while (!_isStopping || _phase != ComponentPhase.Stopped)
        {
            var target = Target;
            if (target > _phase)
            {
                await AdvanceAsync().ConfigureAwait(false);
            }
            else if (target < _phase && (_phase != ComponentPhase.Collecting || target == ComponentPhase.Stopped))
            {
                await HaltAsync().ConfigureAwait(false);
            }
            else
            {
                await _signal.WaitAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task AdvanceAsync()
    {
        try
        {
            switch (_phase)
            {
                case ComponentPhase.Stopped:
                    var context = _context = new ComponentContext(_ledger, _record, Resolved);
                    await StepAsync(ComponentPhase.Started, c => _component.StartAsync(context, c)).ConfigureAwait(false);
                    Enter(ComponentPhase.Started);
                    break;
                case ComponentPhase.Started:
                    await StepAsync(ComponentPhase.Connected, _component.ConnectAsync).ConfigureAwait(false);
                    Enter(ComponentPhase.Connected);
                    if (Target == ComponentPhase.Connected)
                    {
                        Resolved();
                    }

                    break;
                default:
                    await StepAsync(ComponentPhase.Collecting, CollectAsync).ConfigureAwait(false);
                    Enter(ComponentPhase.Connected);
                    break;
            }
        }
        catch (OperationCanceledException) when (_isRecalled)
        {
            // Wanted again since then, perhaps: that is no fault of the component.
            if (_aim == ComponentPhase.Collecting)
            {
                Enter(ComponentPhase.Connected);
            }
            else
            {
                await HaltAsync().ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            await FailAsync(e).ConfigureAwait(false);
        }
    }

    /// <summary>Makes one call of the component, which ends early when it is no longer wanted.</summary>
    private async Task StepAsync(ComponentPhase aim, Func<CancellationToken, Task> call)
    {
        using var step = new CancellationTokenSource();
        lock (_sync)
        {
            (_step, _aim) = (step, aim);
        }

        try
        {
            if (Target < aim)
            {
                await step.CancelAsync().ConfigureAwait(false);
            }

            await call(step.Token).ConfigureAwait(false);
        }
        finally
        {
            lock (_sync)
            {
                _isRecalled = step.IsCancellationRequested;
                _step = null;
                _hang?.Dispose();
                _hang = null;
            }
        }
    }

    /// <summary>Complains unless it is disposed of: a call was cancelled long ago. Calls never overlap, so nothing else can be done.</summary>
    private ITimer ComplainAfter(TimeSpan time) => _time.CreateTimer(
        static r => ((ComponentRunner)r!).Complain(), this, time, Timeout.InfiniteTimeSpan);

    private void Complain() => LogHangs(_log, _component.Name, _aim, Patience.TotalSeconds);

    private async Task CollectAsync(CancellationToken cancellation)
    {
        var begin = _time.GetTimestamp();
        Enter(ComponentPhase.Collecting);
        try
        {
            await _component.CollectAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            if (_time.GetElapsedTime(begin) >= LongestPause)
            {
                _backoff.Reset();
            }
        }

        if (!cancellation.IsCancellationRequested)
        {
            throw new InvalidOperationException("The collection ended, though it was not cancelled.");
        }
    }

    private async Task HaltAsync()
    {
        await CallStopAsync().ConfigureAwait(false);
        Enter(ComponentPhase.Stopped);
    }

    private async Task CallStopAsync()
    {
        _aim = ComponentPhase.Stopped;
        using var hang = ComplainAfter(Patience * 2);
        try
        {
            using var patience = new CancellationTokenSource(Patience, _time);
            await _component.StopAsync(patience.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            LogStopFailed(_log, _component.Name, e);
        }

        _context?.End();
    }

    private async Task FailAsync(Exception error)
    {
        _phase = ComponentPhase.Stopped;
        _ledger.Fails(_record);
        if (!_isFailing)
        {
            _isFailing = true;
            LogFailed(_log, _component.Name, error);
        }

        await CallStopAsync().ConfigureAwait(false);
        var (begin, pause) = (_time.GetTimestamp(), _backoff.Next(LongestPause));
        while (Target != ComponentPhase.Stopped && pause - _time.GetElapsedTime(begin) is { Ticks: > 0 } left)
        {
            await _signal.WaitAsync(left).ConfigureAwait(false);
        }
    }

    private void Enter(ComponentPhase phase)
    {
        _phase = phase;
        _ledger.Enters(_record, phase);
    }

    /// <summary>The component has shown that its source is there.</summary>
    private void Resolved()
    {
        if (_isFailing)
        {
            _isFailing = false;
            LogResolved(_log, _component.Name);
        }
    }
}
