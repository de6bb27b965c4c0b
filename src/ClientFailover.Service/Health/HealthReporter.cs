using System.Threading.Channels;
using ClientFailover.Service.Configuration;
using ClientFailover.Service.Health.Faults;
using ClientFailover.Service.Health.Sending;

namespace ClientFailover.Service.Health;

/// <summary>
/// Responsible for when the service says how it is: each minute, when it has started, when it stops, when its status changes; and to
/// an endpoint that is new at once. It waits for no endpoint but at the end, and for them no longer than <see cref="EndpointSender.LastWords"/>.
/// </summary>
/// <param name="configuration">The endpoints.</param>
/// <param name="senders">Their senders.</param>
/// <param name="faults">What can be wrong with the service.</param>
/// <param name="sampler">Looks how it is.</param>
/// <param name="lifetime">Tells when it has started and when it stops.</param>
/// <param name="time">The clock.</param>
/// <param name="log">The log.</param>
internal sealed partial class HealthReporter(
    ConfigurationStore configuration,
    EndpointSenders senders,
    IEnumerable<IFaultSource> faults,
    HealthSampler sampler,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<HealthReporter> log) : IHostedService
{
    /// <summary>How often it is looked whether the status has changed.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    // A volume that does not answer must not hold up the stop: then nothing is said.
    private static readonly TimeSpan LongestStop = EndpointSender.LastWords + TimeSpan.FromMilliseconds(500);

    private readonly IFaultSource[] _faults = [.. faults];
    private readonly ReportSchedule _schedule = new();
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private volatile bool _isStopping;
    private Task _running = Task.CompletedTask;
    private ServiceConfiguration? _applied;
    private DeviceStatus _status;
    private long _begin;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        configuration.Changed += _ => Wake();
        lifetime.ApplicationStarted.Register(() => _running = Task.Run(RunAsync));
        lifetime.ApplicationStopping.Register(RequestStop);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        RequestStop();
        try
        {
            await _running.WaitAsync(LongestStop, time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            LogStopNotTold();
        }
    }

    private void RequestStop()
    {
        _isStopping = true;
        Wake();
    }

    private void Wake() => _wake.Writer.TryWrite(true);

    private async Task RunAsync()
    {
        // By the monotonic clock: setting the wall clock makes no minute longer.
        _begin = time.GetTimestamp();
        using var timer = time.CreateTimer(static r => ((HealthReporter)r!).Wake(), this, Step, Step);
        while (!_isStopping)
        {
            Try(Report);
            await _wake.Reader.ReadAsync().ConfigureAwait(false);
        }

        Try(TellStop);
        await senders.Completion.ConfigureAwait(false);
    }

    private void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e)
        {
            // A mistake here must not end all reports to come.
            LogNotReported(e);
        }
    }

    private void Report()
    {
        var status = Judge();
        var isDue = _schedule.IsDue(time.GetElapsedTime(_begin));
        var made = Apply();
        if (senders.Current.Count > 0 && (isDue || made.Count > 0 || status != _status))
        {
            var sample = sampler.Take(status);
            foreach (var sender in isDue || status != _status ? senders.Current : made)
            {
                sender.Offer(sample);
            }
        }

        _status = status;
    }

    private DeviceStatus Judge()
    {
        var wrong = _faults.Select(f => f.Current).OfType<string>().ToList();
        var status = wrong.Count == 0 ? DeviceStatus.Good : DeviceStatus.DeviceInError;
        if (status != _status && status == DeviceStatus.Good)
        {
            LogGood();
        }
        else if (status != _status)
        {
            LogInError(string.Join("; ", wrong));
        }

        return status;
    }

    private IReadOnlyList<EndpointSender> Apply()
    {
        var current = configuration.Current;
        if (ReferenceEquals(current, _applied))
        {
            return [];
        }

        _applied = current;
        foreach (var endpoint in current.HealthEndpoints.Where(e => senders.Current.All(s => s.Endpoint != e)))
        {
            WarnOf(endpoint);
        }

        return senders.Apply(current.HealthEndpoints);
    }

    private void WarnOf(HealthEndpoint endpoint)
    {
        var address = new Uri(endpoint.Endpoint);
        if (address.Scheme == Uri.UriSchemeHttp)
        {
            LogCleartext(endpoint.Id, Reasons.Show(address));
        }
        else if (endpoint.ValidateEndpointCertificate == false)
        {
            LogNotValidated(endpoint.Id, Reasons.Show(address));
        }
    }

    private void TellStop()
    {
        if (senders.Current.Count == 0)
        {
            return;
        }

        var sample = sampler.Take(DeviceStatus.Shutdown);
        foreach (var sender in senders.Current)
        {
            sender.Finish(sample);
        }
    }
}
