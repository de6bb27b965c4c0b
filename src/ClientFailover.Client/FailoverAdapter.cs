using ClientFailover.Client.Buffering;
using ClientFailover.Client.Collection;
using ClientFailover.Client.Egress;
using ClientFailover.Client.Hosting;
using ClientFailover.Client.Testing;
using ClientFailover.Client.Timing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ClientFailover.Client;

/// <summary>Responsible for collecting and egressing as role and mode demand.</summary>
/// <remarks>
/// In hot mode no value is lost that some adapter of the group collected and that runs on, whatever single fault happens: of an adapter, its
/// source, its destination, its connection to the service, or of the service. Not guaranteed: that no value is sent twice, but for
/// handovers by order between two adapters on streams with <see cref="FailoverOptions.SourceTimestamps"/>.
/// </remarks>
public sealed partial class FailoverAdapter : IAsyncDisposable
{
    /// <summary>How long a stop waits for what is in flight, and for components.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock _sync = new();
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly IItemBuffer _buffer;
    private readonly IMembership _membership;
    private readonly List<ComponentRunner> _runners;
    private readonly Ledger _ledger;
    private readonly EgressPump _pump;
    private readonly Drain _drain;
    private readonly Signal _reviewed;
    private readonly CancellationTokenSource _pumpStop = new();
    private ITimer? _watch;
    private Task _pumping = Task.CompletedTask;
    private Task _running = Task.CompletedTask;
    private Task? _starting;
    private Task? _stopped;
    private bool _isOpen;
    private AdapterState _state;

    /// <summary>Creates it; nothing is touched before it is started.</summary>
    /// <param name="options">How it takes part in failover. Must not be changed any more; the mode by <see cref="SetMode"/>.</param>
    /// <param name="components">What collects; at least one, each with a name of its own.</param>
    /// <param name="egress">Where data goes.</param>
    /// <param name="time">The clock; default: the system's.</param>
    /// <param name="loggers">The log; default: none.</param>
    /// <param name="service">A fake to speak to instead of the configured endpoint, in tests; null: none. With one, a clock that is
    /// moved on is taken for no pause of the process.</param>
    /// <exception cref="ArgumentException">No component, or two of the same name.</exception>
    /// <exception cref="OptionsValidationException">The configuration has mistakes; the exception names all of them.</exception>
    public FailoverAdapter(
        FailoverOptions options,
        IEnumerable<IAdapterComponent> components,
        IEgress egress,
        TimeProvider? time = null,
        ILoggerFactory? loggers = null,
        FakeFailoverService? service = null)
        : this(
            options,
            [.. components],
            egress,
            Parts.Buffer(options, time ?? TimeProvider.System, loggers ?? NullLoggerFactory.Instance),
            member => Parts.Membership(options, member, time ?? TimeProvider.System, loggers ?? NullLoggerFactory.Instance, service),
            time ?? TimeProvider.System,
            (loggers ?? NullLoggerFactory.Instance).CreateLogger<FailoverAdapter>(),
            noticesPauses: service is null)
    {
    }

    internal FailoverAdapter(
        FailoverOptions options,
        IReadOnlyCollection<IAdapterComponent> components,
        IEgress egress,
        IItemBuffer buffer,
        Func<IFailoverMember, IMembership> membership,
        TimeProvider time,
        ILogger log,
        bool noticesPauses = true)
    {
        if (components.Count == 0 || components.DistinctBy(c => c.Name, StringComparer.Ordinal).Count() < components.Count)
        {
            throw new ArgumentException("An adapter has at least one component, and each a name of its own.", nameof(components));
        }

        (_time, _log, _buffer) = (time, log, buffer);
        _ledger = new Ledger(options, buffer, time, log) { NoticesPauses = noticesPauses };
        _runners = [.. components.Select(c => new ComponentRunner(c, _ledger, time, log))];
        _pump = new EgressPump(_ledger, buffer, egress, time, log);
        _drain = new Drain(_ledger, time);
        _reviewed = new Signal(time);
        _membership = membership(this);
        _ledger.HasLease = () => !_membership.Client.WhilePrimary.IsCancellationRequested;
        _ledger.ScoreChanged = _membership.Client.ReportSoon;
        _ledger.DutiesChanged = ReviewDuties;
        _ledger.CutCleared = _drain.Wake;
        _ledger.Progressed = () =>
        {
            _pump.Wake();
            _drain.Wake();
        };
    }

    /// <summary>The membership of the group: role, term, connection.</summary>
    public IFailoverClient Failover => _membership.Client;

    /// <summary>How the adapter waits as Secondary now.</summary>
    public FailoverMode Mode => _ledger.Mode;

    /// <summary>The state, as adapters in the field show it.</summary>
    public AdapterStatus State
    {
        get
        {
            var report = _ledger.Peek();
            var state = _state;
            if (state == AdapterState.Running && _runners.Exists(r => !r.IsSettled))
            {
                state = AdapterState.Degraded;
            }

            return new AdapterStatus(_ledger.Role.Role, report.LastDataProcessedTime, report.FailoverScore, state);
        }
    }

    /// <summary>What it has done since it was created.</summary>
    public AdapterCounters Counters => new(
        _ledger.Collected, _ledger.Egressed, _ledger.Rejected, _ledger.Skipped, _buffer.Count, _buffer.Dropped, _ledger.Gaps);

    /// <summary>About how many bytes the values in the buffer take.</summary>
    internal long BufferedBytes => _buffer.Bytes;

    /// <summary>Changes how the adapter waits as Secondary, at once.</summary>
    /// <param name="mode">The mode.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such mode.</exception>
    public void SetMode(FailoverMode mode)
    {
        if (!Enum.IsDefined(mode))
        {
            throw new ArgumentOutOfRangeException(nameof(mode), mode, "There is no such mode.");
        }

        if (_ledger.Mode != mode)
        {
            LogMode(_log, mode);
            _ledger.ChangeMode(mode);
        }
    }

    /// <summary>Starts, runs until it is cancelled, and stops.</summary>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>A task that ends when the adapter has stopped.</returns>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            await StartAsync(cancellation).ConfigureAwait(false);
            await Task.Delay(Timeout.InfiniteTimeSpan, _time, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Asked for.
        }
        finally
        {
            await StopAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Opens the buffer, and starts components and membership. Does not wait until sources or service are reached.</summary>
    /// <param name="cancellation">Gives the start up.</param>
    /// <returns>A task that ends when all is started.</returns>
    /// <exception cref="InvalidOperationException">It was started before.</exception>
    /// <exception cref="OperationCanceledException">The start was given up, or it was stopped meanwhile.</exception>
    /// <exception cref="IOException">The folder of the buffer cannot be used, or another process uses it.</exception>
    public Task StartAsync(CancellationToken cancellation = default)
    {
        lock (_sync)
        {
            if (_starting is not null || _stopped is not null)
            {
                throw new InvalidOperationException("An adapter is started once.");
            }

            _state = AdapterState.Starting;
            return _starting = StartOnceAsync(cancellation);
        }
    }

    /// <summary>Finishes what is in flight, gives the role to another, stops the components, and brings the buffer to the disk.</summary>
    /// <param name="cancellation">Shortens it: what then is not finished is in the buffer, or in the others'.</param>
    /// <returns>A task that ends when all is stopped.</returns>
    public Task StopAsync(CancellationToken cancellation = default)
    {
        lock (_sync)
        {
            return _stopped ??= StopOnceAsync(cancellation);
        }
    }

    /// <summary>Stops it.</summary>
    /// <returns>A task that ends when all is stopped.</returns>
    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        _pumpStop.Dispose();
    }

    private void ReviewDuties()
    {
        _runners.ForEach(r => r.Review());
        _pump.ReviewPermit();
        _drain.Wake();
        _reviewed.Set();
    }
}
