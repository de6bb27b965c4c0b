using System.Buffers;
using System.Globalization;
using System.Text;
using ClientFailover.Client;
using ClientFailover.Samples.Omf;
using Microsoft.Extensions.Logging;
using MQTTnet;

namespace ClientFailover.Samples.Mqtt;

/// <summary>
/// Responsible for collecting topics of a broker. The broker keeps what comes while the connection is lost, and delivers it first when
/// it is back; a message of our own, sent after it, shows when all of that has come. A hole in what it delivers is told to the adapter by an error.
/// </summary>
public sealed partial class MqttComponent(MqttOptions options, ILogger<MqttComponent> logger) : IAdapterComponent
{
    private static readonly TimeSpan UnsubscribeTimeout = TimeSpan.FromSeconds(1);

    private readonly string _markerTopic = $"client-failover/caught-up/{options.ClientId}";

    // The last message of each topic, kept over a loss of the connection: it is what tells whether anything was missed.
    private readonly Dictionary<string, SignalMessage> _last = new(StringComparer.Ordinal);

    // Topics whose next message is not the one after the last: the broker kept nothing for them meanwhile.
    private readonly HashSet<string> _anew = new(StringComparer.Ordinal);

    private IComponentContext? _context;
    private BrokerSession? _session;
    private string _marker = "";

    // Until the marker comes: what is found missing then is part of the loss before.
    private bool _resumes;

    // What was acknowledged just before this process started may have been lost with the one before: only its own losses it can judge.
    private bool _missed = true;
    private bool _wasUnsubscribed;
    private bool _cannotTell;

    /// <inheritdoc/>
    public string Name => $"MQTT {options.Host}:{options.Port}";

    /// <inheritdoc/>
    public Task StartAsync(IComponentContext context, CancellationToken cancellation)
    {
        _context = context;
        context.SelectStreams(options.Topics.Select(MqttOptions.StreamOf));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task ConnectAsync(CancellationToken cancellation) => _session = await BrokerSession.OpenAsync(options, cancellation);

    /// <inheritdoc/>
    public async Task CollectAsync(CancellationToken cancellation)
    {
        var session = _session!;
        if (!session.Continues || _wasUnsubscribed)
        {
            _missed = true;
            _anew.UnionWith(options.Topics);
        }

        (_resumes, _wasUnsubscribed, _marker) = (true, false, Guid.NewGuid().ToString("N"));
        var granted = await session.SubscribeAsync(AllTopics(), cancellation);
        var refused = options.Topics.Where(topic => !granted.GetValueOrDefault(topic)).ToList();
        if (refused.Count > 0)
        {
            LogRefused(string.Join(", ", refused));
        }

        _context!.ReportScore(100f * (options.Topics.Count - refused.Count) / options.Topics.Count);
        var isMarked = await session.PublishAsync(_markerTopic, _marker, cancellation) && granted.GetValueOrDefault(_markerTopic);
        if (!isMarked)
        {
            GoOnWithoutMarker();
        }

        try
        {
            await foreach (var message in session.ReadAsync(cancellation))
            {
                Take(message.ApplicationMessage);
                await message.AcknowledgeAsync(cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Not wanted any more: what comes from now on is another adapter's.
            _wasUnsubscribed = true;
            using var limit = new CancellationTokenSource(UnsubscribeTimeout);
            await session.UnsubscribeAsync(AllTopics(), limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellation)
    {
        if (_session is { } session)
        {
            _session = null;
            await session.CloseAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            session.Dispose();
        }
    }

    /// <summary>
    /// Nothing will show when all has come. Each hole is told, then, but that before the first message of a topic: it belongs to the loss
    /// before, and if it were told, the same message would come and fail again for ever.
    /// </summary>
    private void GoOnWithoutMarker()
    {
        (_resumes, _missed) = (false, true);
        _anew.UnionWith(options.Topics);
        if (!_cannotTell)
        {
            _cannotTell = true;
            LogCannotTell(_markerTopic);
        }
    }

    private IEnumerable<string> AllTopics() =>
        options.ClockTopic is null ? [.. options.Topics, _markerTopic] : [.. options.Topics, _markerTopic, options.ClockTopic];

    private void Take(MqttApplicationMessage message)
    {
        if (message.Topic == _markerTopic)
        {
            // That of a connection before this one says nothing of what came after it.
            if (Encoding.UTF8.GetString(message.Payload) == _marker)
            {
                if (!_missed)
                {
                    _context!.CaughtUp();
                }

                _resumes = _missed = false;
            }
        }
        else if (message.Topic == options.ClockTopic)
        {
            if (DateTimeOffset.TryParse(Encoding.UTF8.GetString(message.Payload), CultureInfo.InvariantCulture, out var time))
            {
                _context!.Progress(time);
            }
        }
        else if (SignalMessage.Parse(message.Payload.ToArray()) is { } value && double.IsFinite(value.Value))
        {
            Publish(message.Topic, value);
        }
        else
        {
            LogUnreadable(message.Topic);
        }
    }

    private void Publish(string topic, SignalMessage value)
    {
        if (_last.TryGetValue(topic, out var last))
        {
            if (value.Sequence <= last.Sequence && value.Time <= last.Time)
            {
                // At least once: the broker did not hear that it was taken. One of both alone goes back when a source starts anew, or its clock is set.
                return;
            }

            if (value.Sequence > last.Sequence + 1 && !_anew.Contains(topic))
            {
                Miss(topic, last.Sequence, value.Sequence);
            }
        }

        _anew.Remove(topic);
        _last[topic] = value;
        _context!.Publish(MqttOptions.StreamOf(topic), value.Time, new Measurement(value.Value, value.Sequence).ToPayload());
    }

    /// <summary>The broker's queue has a limit. It is told before anything later is published, so that what others hold back begins where the gap does.</summary>
    private void Miss(string topic, long last, long next)
    {
        if (!_resumes)
        {
            throw new IOException($"{topic}: the broker has not delivered what was between {last} and {next}.");
        }

        _missed = true;
        LogMissed(topic, last, next);
    }

    [LoggerMessage(1, LogLevel.Warning, "The broker does not let this adapter read: {Topics}")]
    private partial void LogRefused(string topics);

    [LoggerMessage(2, LogLevel.Warning, "A message on {Topic} cannot be read, and is left out")]
    private partial void LogUnreadable(string topic);

    [LoggerMessage(3, LogLevel.Warning, "{Topic}: the broker has lost what was between {Last} and {Next}")]
    private partial void LogMissed(string topic, long last, long next);

    [LoggerMessage(4, LogLevel.Warning, "The broker does not let this adapter write and read {Topic}: after a loss of the connection it cannot tell when it has caught up")]
    private partial void LogCannotTell(string topic);
}
