using ClientFailover.Service.Configuration;
using ClientFailover.Service.Health.Omf;

namespace ClientFailover.Service.Health.Sending;

/// <summary>
/// Responsible for one endpoint: it is told the structure, then each message in its turn. A task of its own with a state of its
/// own: an endpoint that is dead, slow or lying keeps nobody waiting but itself, and holds no more than <see cref="Backlog"/>.
/// </summary>
internal sealed partial class EndpointSender : IDisposable
{
    /// <summary>How long the last messages may take once the service stops.</summary>
    public static readonly TimeSpan LastWords = TimeSpan.FromSeconds(5);

    /// <summary>How much of it the request may take that is under way then.</summary>
    private static readonly TimeSpan LastRequest = TimeSpan.FromSeconds(2);

    private readonly SenderServices _services;
    private readonly OmfClient _client;
    private readonly StructureProgress _structure;
    private readonly EndpointTrouble _trouble;
    private readonly Backlog _backlog;
    private readonly Backoff _backoff;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _hurry;
    private readonly CancellationTokenSource _ended;
    private HealthSample? _current;
    private HealthSample? _last;
    private EndpointSender? _heir;
    private long _stoppedAt;
    private long _dropped;
    private volatile SenderState _state;
    private volatile Task _pause = Task.CompletedTask;

    /// <summary>A sender; it waits for <see cref="Start"/>.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="structure">What it is told first.</param>
    /// <param name="client">Sends to it; disposed of at the end.</param>
    /// <param name="services">What all share.</param>
    public EndpointSender(HealthEndpoint endpoint, OmfStructure structure, OmfClient client, SenderServices services)
    {
        (Endpoint, _client, _services) = (endpoint, client, services);
        _structure = new StructureProgress(structure);
        _trouble = new EndpointTrouble(endpoint.Id, Reasons.Show(new Uri(endpoint.Endpoint)), services.Time, services.Log);
        _backlog = new Backlog(s => Drop(s, DropReason.Full));
        _backoff = new Backoff(services.Random);
        _hurry = new CancellationTokenSource(Timeout.InfiniteTimeSpan, services.Time);
        _ended = new CancellationTokenSource(Timeout.InfiniteTimeSpan, services.Time);
    }

    /// <summary>The endpoint.</summary>
    public HealthEndpoint Endpoint { get; }

    /// <summary>Completes when nothing is sent any more.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <summary>What it does now.</summary>
    public SenderState State => _state is SenderState.Waiting && _pause.IsCompleted ? SenderState.Sending : _state;

    /// <summary>How many messages wait, that which is being sent not among them.</summary>
    public int Waiting => _backlog.Count;

    /// <summary>Whether the last request was answered; null: there was none.</summary>
    public bool? IsReached => _trouble.IsFailing ? false : _trouble.WasReached ? true : null;

    /// <summary>Begins.</summary>
    /// <param name="predecessor">Who had the endpoint under its earlier configuration, retired in favour of this one; null: nobody.</param>
    public void Start(EndpointSender? predecessor) => Completion = Task.Run(() => RunAsync(predecessor));

    /// <summary>Takes a message. Never waits.</summary>
    /// <param name="sample">The message.</param>
    public void Offer(HealthSample sample) => _backlog.Add(sample);

    /// <summary>Ends at once: the endpoint's configuration has changed, or it is gone.</summary>
    /// <param name="heir">Who gets what was not sent; null: nobody, it is dropped.</param>
    public void Retire(EndpointSender? heir)
    {
        _heir = heir;
        _ended.Cancel();
    }

    /// <summary>Ends in order: what is said last goes before what waits, and all within <see cref="LastWords"/>.</summary>
    /// <param name="last">What is said last.</param>
    public void Finish(HealthSample last)
    {
        _last = last;
        _stoppedAt = _services.Time.GetTimestamp();
        _ended.CancelAfter(LastWords);
        _hurry.CancelAfter(LastRequest);
        _stopping.Cancel();
        _backlog.Wake();
    }

    /// <summary>Only after <see cref="Completion"/>.</summary>
    public void Dispose()
    {
        _stopping.Dispose();
        _hurry.Dispose();
        _ended.Dispose();
    }

    private async Task RunAsync(EndpointSender? predecessor)
    {
        try
        {
            if (predecessor is not null)
            {
                await InheritAsync(predecessor).ConfigureAwait(false);
            }

            while (await NextAsync().ConfigureAwait(false) is { } sample)
            {
                await DeliverAsync(sample).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            // Retired, or out of time.
        }
        catch (Exception e)
        {
            LogEnded(Endpoint.Id, e);
        }
        finally
        {
            _state = SenderState.Ended;
            _client.Dispose();
            DropRest();
        }
    }

    private async Task InheritAsync(EndpointSender predecessor)
    {
        // Its request under way was cancelled: it does not come in between.
        await predecessor.Completion.ConfigureAwait(false);
        _trouble.Inherit(predecessor._trouble);
        _dropped = predecessor._dropped;
        var left = new List<HealthSample>();
        if (predecessor._current is { } current)
        {
            left.Add(current);
        }

        while (predecessor._backlog.Take() is { } sample)
        {
            left.Add(sample);
        }

        _backlog.Return(left);
    }

    private async Task<HealthSample?> NextAsync()
    {
        while (true)
        {
            if (Interlocked.Exchange(ref _last, null) is { } last)
            {
                return _current = last;
            }

            if (_backlog.Take() is { } sample)
            {
                return _current = sample;
            }

            if (_stopping.IsCancellationRequested && Volatile.Read(ref _last) is null)
            {
                return null;
            }

            var changed = _backlog.WaitAsync(_ended.Token);
            _state = SenderState.Idle;
            await changed.ConfigureAwait(false);
            _state = SenderState.Sending;
        }
    }

    private void DropRest()
    {
        if (_heir is not null)
        {
            return;
        }

        var reason = _stopping.IsCancellationRequested ? DropReason.Stopped : DropReason.Removed;
        foreach (var sample in new[] { Interlocked.Exchange(ref _current, null), Interlocked.Exchange(ref _last, null) }.OfType<HealthSample>())
        {
            Drop(sample, reason);
        }

        while (_backlog.Take() is { } sample)
        {
            Drop(sample, reason);
        }
    }

    private void Drop(HealthSample sample, DropReason reason)
    {
        Interlocked.Increment(ref _dropped);
        _services.Meter.Dropped(reason);
        LogDropped(_services.Log, sample.Time, Endpoint.Id, reason);
    }

    [LoggerMessage(8018, LogLevel.Debug, "The health message of {Time:O} is not sent to endpoint {Id}: {Reason}")]
    private static partial void LogDropped(ILogger logger, DateTime time, string id, DropReason reason);

    private void LogEnded(string id, Exception error) => LogEnded(_services.Log, id, error);

    [LoggerMessage(8019, LogLevel.Critical, "Nothing is sent to health endpoint {Id} any more, by a mistake of the service. Set the endpoint again, or restart the service")]
    private static partial void LogEnded(ILogger logger, string id, Exception error);
}
