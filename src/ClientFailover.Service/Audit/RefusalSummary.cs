using System.Globalization;
using System.Net;
using ClientFailover.Service.Identity;

namespace ClientFailover.Service.Audit;

/// <summary>
/// Responsible for refusals, and for what administrators asked for and did not get, filling neither the disk nor the audit's
/// history: of those that are alike the first is recorded
/// at once and the others are counted, and summed up ten minutes after it. Of different ones a hundred are told apart, and
/// twenty of one address, so that one caller cannot crowd out the others; what is beyond is one number.
/// </summary>
internal sealed class RefusalSummary : IHostedService, IDisposable
{
    /// <summary>Key of the one for calls of administrators that failed: strangers who are refused must not crowd those out.</summary>
    public const string OfAdministrators = "administrators";

    /// <summary>How long refusals are counted before they are summed up.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    /// <summary>How many different ones are told apart.</summary>
    public const int Capacity = 100;

    /// <summary>How many of those may be from one address.</summary>
    public const int PerAddress = 20;

    private readonly IAuditTrail _trail;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private readonly Dictionary<Kind, Tally> _kinds = [];
    private readonly Dictionary<IPAddress, int> _perAddress = [];
    private long _others;

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
    public void Record(AuditEntry entry)
    {
        var network = CallerNetwork.Of(entry.From);
        lock (_gate)
        {
            if (_kinds.Count == 0 && _others == 0)
            {
                _timer.Change(Window, Timeout.InfiniteTimeSpan);
            }

            var kind = new Kind(entry.Who, entry.Scheme, network, entry.Action, entry.Result);
            if (_kinds.TryGetValue(kind, out var tally))
            {
                tally.More++;
                tally.Last = _time.GetUtcNow();
                return;
            }

            var fromThere = _perAddress.GetValueOrDefault(network);
            if (_kinds.Count >= Capacity || fromThere >= PerAddress)
            {
                _others++;
                return;
            }

            _perAddress[network] = fromThere + 1;
            _kinds[kind] = new Tally(entry);
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
        List<AuditEntry> sums = [];
        lock (_gate)
        {
            foreach (var tally in _kinds.Values.Where(t => t.More > 0))
            {
                sums.Add(tally.First with
                {
                    Target = "-",
                    Detail = string.Create(CultureInfo.InvariantCulture, $"{tally.More} more like this, the last at {tally.Last.UtcDateTime:O}"),
                    OperationId = null,
                });
            }

            if (_others > 0)
            {
                sums.Add(new AuditEntry("access", "-", "REFUSED", null, null, $"{_others} more, of other kinds or callers"));
            }

            _kinds.Clear();
            _perAddress.Clear();
            _others = 0;
        }

        sums.ForEach(_trail.Record);
    }

    private readonly record struct Kind(string? Who, string? Scheme, IPAddress Network, string Action, string Result);

    private sealed class Tally(AuditEntry first)
    {
        public AuditEntry First { get; } = first;

        public long More { get; set; }

        public DateTimeOffset Last { get; set; }
    }
}
