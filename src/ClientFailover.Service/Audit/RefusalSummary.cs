namespace ClientFailover.Service.Audit;

/// <summary>
/// Responsible for refusals, and for what administrators asked for and did not get, filling neither the disk nor the audit's
/// history: of those that are alike the first is recorded
/// at once and the others are counted, and summed up ten minutes after it. Callers whose credentials are good have room of their
/// own: whoever makes up names must not crowd out who they are and what they were refused.
/// </summary>
internal sealed class RefusalSummary : IHostedService, IDisposable
{
    /// <summary>Key of the one for calls of administrators that failed: strangers who are refused must not crowd those out.</summary>
    public const string OfAdministrators = "administrators";

    /// <summary>How long refusals are counted before they are summed up.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    private readonly IAuditTrail _trail;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private readonly RefusalCounts _callers = new(areVerified: true);
    private readonly RefusalCounts _strangers = new(areVerified: false);

    /// <summary>Counts nothing yet.</summary>
    /// <param name="trail">Where refusals go.</param>
    /// <param name="time">The clock.</param>
    public RefusalSummary(IAuditTrail trail, TimeProvider time)
    {
        _trail = trail;
        _time = time;
        _timer = time.CreateTimer(static summary => ((RefusalSummary)summary!).SumUp(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Records or counts a refusal.</summary>
    /// <param name="entry">The refusal. What it was asked of makes no difference: callers can make up any number of targets.</param>
    /// <param name="isVerified">Whether the caller's credentials are good, so that it is who the entry says.</param>
    public void Record(AuditEntry entry, bool isVerified)
    {
        lock (_gate)
        {
            if (_callers.IsEmpty && _strangers.IsEmpty)
            {
                _timer.Change(Window, Timeout.InfiniteTimeSpan);
            }

            if (!(isVerified ? _callers : _strangers).Add(entry, _time.GetUtcNow()))
            {
                return;
            }
        }

        _trail.Record(entry);
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        SumUp();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void SumUp()
    {
        List<AuditEntry> sums;
        lock (_gate)
        {
            sums = [.. _callers.SumUp(), .. _strangers.SumUp()];
        }

        sums.ForEach(_trail.Record);
    }
}
