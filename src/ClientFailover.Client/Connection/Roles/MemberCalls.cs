using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace ClientFailover.Client.Connection.Roles;

/// <summary>
/// Responsible for the calls into the member: one at a time, in order, on a task of their own, so that a member which is
/// slow or throws costs its own score and nothing else.
/// </summary>
internal sealed partial class MemberCalls : IAsyncDisposable
{
    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(5);

    private readonly IFailoverMember _member;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Channel<Func<Task>> _calls = Channel.CreateUnbounded<Func<Task>>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task _calling;
    private Task<AdapterReport>? _reporting;
    private Task _drain = Task.CompletedTask;
    private CancellationTokenSource? _draining;
    private AdapterReport _last;
    private bool _failing;

    /// <summary>Starts.</summary>
    /// <param name="member">The member.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    public MemberCalls(IFailoverMember member, TimeProvider time, ILogger logger)
    {
        (_member, _time, _logger) = (member, time, logger);
        _calling = CallAsync();
    }

    /// <summary>
    /// How long a report is waited for, by the real clock even where time is virtual: it is about threads. A member that takes
    /// longer hangs, and hands its role over by a score of 0.
    /// </summary>
    public TimeSpan ReportPatience { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Tells it what the service told. A drain that runs is cancelled at once, and has ended when the member is told.</summary>
    /// <param name="state">What was told.</param>
    /// <param name="failoverTimeout">The group's.</param>
    /// <returns>Done when the member has taken it.</returns>
    public Task AssumeAsync(RoleState state, TimeSpan failoverTimeout)
    {
        CancelDrain(null);
        return Enqueue(async () =>
        {
            await EndDrainAsync().ConfigureAwait(false);
            _member.Assume(state, failoverTimeout);
        });
    }

    /// <summary>Orders it to hand over.</summary>
    /// <param name="order">The order.</param>
    /// <returns>Where it stopped; null: not known, or it failed.</returns>
    public async Task<DateTimeOffset?> DrainAsync(DrainOrder order)
    {
        var draining = new CancellationTokenSource(order.TimeLeft, _time);
        CancelDrain(draining);
        var stopped = new TaskCompletionSource<DateTimeOffset?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await Enqueue(async () =>
        {
            await EndDrainAsync().ConfigureAwait(false);
            _drain = RunDrainAsync(order, stopped, draining.Token);
        }).ConfigureAwait(false);
        return await stopped.Task.ConfigureAwait(false);
    }

    /// <summary>Asks it for its report.</summary>
    /// <returns>The report; a score of 0 when it fails or does not answer in time.</returns>
    public async Task<AdapterReport> ReportAsync()
    {
        // Of a member that hangs one call waits, not one more for each heartbeat.
        var reporting = _reporting ??= EnqueueReport();
        try
        {
            // Without the exceptions that a time-out would cost: a member that hangs may do so for long.
            await Task.WhenAny(reporting, Task.Delay(reporting.IsCompleted ? TimeSpan.Zero : ReportPatience, CancellationToken.None)).ConfigureAwait(false);
            if (!reporting.IsCompleted)
            {
                Fail(() => LogSlow(_logger, ReportPatience.TotalSeconds));
                return _last with { FailoverScore = 0 };
            }

            _reporting = null;
            var report = await reporting.ConfigureAwait(false);
            if (report.FailoverScore is >= 0 and <= 100)
            {
                _failing = false;
                return _last = report;
            }

            Fail(() => LogScore(_logger, report.FailoverScore));
            return _last = report with { FailoverScore = 0 };
        }
        catch (Exception)
        {
            // Logged where it was called.
            return _last with { FailoverScore = 0 };
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        CancelDrain(null);
        _calls.Writer.TryComplete();

        // A member that hangs is left behind.
        await Task.WhenAny(_calling, Task.Delay(DrainPatience)).ConfigureAwait(false);
    }

    private async Task<AdapterReport> EnqueueReport()
    {
        var report = default(AdapterReport);
        await Enqueue(() =>
        {
            report = _member.Report();
            return Task.CompletedTask;
        }).ConfigureAwait(false);
        return report;
    }

    // Completes when the call has ended, also by an exception, which the task then has.
    private Task Enqueue(Func<Task> call)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var taken = _calls.Writer.TryWrite(async () =>
        {
            try
            {
                await call().ConfigureAwait(false);
                done.TrySetResult();
            }
            catch (Exception e)
            {
                LogThrew(_logger, e);
                done.TrySetException(e);
                _ = done.Task.Exception;
            }
        });
        return taken ? done.Task : Task.FromException(new ObjectDisposedException(nameof(FailoverClient)));
    }

    private async Task CallAsync()
    {
        await foreach (var call in _calls.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            await call().ConfigureAwait(false);
        }
    }

    private async Task RunDrainAsync(DrainOrder order, TaskCompletionSource<DateTimeOffset?> stopped, CancellationToken cancellation)
    {
        try
        {
            stopped.TrySetResult(await _member.DrainAsync(order, cancellation).ConfigureAwait(false));
        }
        catch (Exception e)
        {
            if (e is not OperationCanceledException || !cancellation.IsCancellationRequested)
            {
                LogThrew(_logger, e);
            }

            stopped.TrySetResult(null);
        }
    }

    private async Task EndDrainAsync()
    {
        if (!_drain.IsCompleted)
        {
            await Task.WhenAny(_drain, Task.Delay(DrainPatience, _time)).ConfigureAwait(false);
            if (!_drain.IsCompleted)
            {
                LogDrainHangs(_logger, DrainPatience.TotalSeconds);
            }
        }
    }

    // What the member registered with the token runs elsewhere: it cannot hold up whoever told the role.
    private void CancelDrain(CancellationTokenSource? next) => _ = Interlocked.Exchange(ref _draining, next)?.CancelAsync();

    private void Fail(Action log)
    {
        if (!_failing)
        {
            _failing = true;
            log();
        }
    }

    [LoggerMessage(7010, LogLevel.Error, "The adapter's failover member threw. Its score counts as 0 until it reports again.")]
    private static partial void LogThrew(ILogger logger, Exception exception);

    [LoggerMessage(7011, LogLevel.Error, "The adapter's failover member did not report within {Patience:0.0} s. Its score counts as 0 until it does: it hands its role over if another can take it. Report, Assume and the start of DrainAsync must be quick.")]
    private static partial void LogSlow(ILogger logger, double patience);

    [LoggerMessage(7012, LogLevel.Error, "The adapter's failover member reported a failover score of {Score}. It must be 0 to 100; it counts as 0.")]
    private static partial void LogScore(ILogger logger, float score);

    [LoggerMessage(7013, LogLevel.Error, "The adapter's failover member did not end its drain within {Patience:0} s after it was cancelled. It is told its role all the same.")]
    private static partial void LogDrainHangs(ILogger logger, double patience);
}
