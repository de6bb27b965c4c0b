using ClientFailover.Service.Health.Omf;

namespace ClientFailover.Service.Health.Sending;

/// <summary>
/// Responsible for telling of trouble with an endpoint once when it begins and once when it is over, however often it is met
/// meanwhile. For one thread; <see cref="IsFailing"/> may be read by any.
/// </summary>
/// <param name="id">Its id.</param>
/// <param name="address">Its address, as it may be logged.</param>
/// <param name="time">The clock.</param>
/// <param name="log">The log.</param>
internal sealed partial class EndpointTrouble(string id, string address, TimeProvider time, ILogger log)
{
    private readonly HashSet<OmfKind> _refused = [];
    private bool _wasReached;
    private bool _isInherited;
    private long _since;
    private volatile bool _isFailing;

    /// <summary>Whether the last request was not answered, or answered that it is to be sent again.</summary>
    public bool IsFailing => _isFailing;

    /// <summary>Whether any request was answered.</summary>
    public bool WasReached => _wasReached;

    /// <summary>Takes over from the sender that had the endpoint under its earlier configuration: its trouble was told, its end is not yet.</summary>
    /// <param name="other">Of that sender, which has ended.</param>
    public void Inherit(EndpointTrouble other)
    {
        _isInherited = other._isFailing || other._isInherited;
        _since = other._since;
    }

    /// <summary>A request is to be sent again.</summary>
    /// <param name="kind">What it told.</param>
    /// <param name="reason">Why.</param>
    /// <param name="pause">After how long.</param>
    public void Failed(OmfKind kind, string reason, TimeSpan pause)
    {
        LogAttempt(id, kind, reason, pause.TotalSeconds);
        if (_isFailing)
        {
            return;
        }

        _since = _isInherited ? _since : time.GetTimestamp();
        _isFailing = true;
        LogFailing(id, address, reason);
    }

    /// <summary>A request was taken, or refused for good: the endpoint is there.</summary>
    /// <param name="waiting">How many messages wait for it.</param>
    /// <param name="dropped">How many were dropped since it failed.</param>
    public void Answered(int waiting, long dropped)
    {
        if (_isFailing || _isInherited)
        {
            LogResolved(id, address, (long)time.GetElapsedTime(_since).TotalSeconds, waiting, dropped);
        }
        else if (!_wasReached)
        {
            LogReached(id, address);
        }

        (_isFailing, _isInherited, _wasReached) = (false, false, true);
    }

    /// <summary>A request was taken.</summary>
    /// <param name="kind">What it told.</param>
    public void Accepted(OmfKind kind)
    {
        if (_refused.Remove(kind))
        {
            LogAccepted(id, kind);
        }
    }

    /// <summary>A request was refused for good.</summary>
    /// <param name="kind">What it told.</param>
    /// <param name="reason">Why.</param>
    public void Refused(OmfKind kind, string reason)
    {
        if (!_refused.Add(kind))
        {
            LogStillRefused(id, kind, reason);
        }
        else if (kind == OmfKind.Data)
        {
            LogDataRefused(id, address, reason);
        }
        else
        {
            LogStructureRefused(id, address, kind, reason);
        }
    }

    [LoggerMessage(8010, LogLevel.Error, "Health cannot be sent to endpoint {Id}, {Address}: {Reason}. It is tried again until it can; the messages of the last hour are kept")]
    private partial void LogFailing(string id, string address, string reason);

    [LoggerMessage(8011, LogLevel.Information, "Health is sent to endpoint {Id}, {Address}, again, after {Seconds} s. Kept messages that are sent now: {Waiting}; dropped: {Dropped}")]
    private partial void LogResolved(string id, string address, long seconds, int waiting, long dropped);

    [LoggerMessage(8012, LogLevel.Warning, "Health endpoint {Id}, {Address}, refuses what describes the values ({Kind}): {Reason}. Values are sent all the same")]
    private partial void LogStructureRefused(string id, string address, OmfKind kind, string reason);

    [LoggerMessage(8013, LogLevel.Error, "Health endpoint {Id}, {Address}, refuses values: {Reason}. Each message that it refuses is dropped, and the next one sent")]
    private partial void LogDataRefused(string id, string address, string reason);

    [LoggerMessage(8014, LogLevel.Information, "Health endpoint {Id} takes what it refused before ({Kind})")]
    private partial void LogAccepted(string id, OmfKind kind);

    [LoggerMessage(8015, LogLevel.Information, "Health is sent to endpoint {Id}, {Address}")]
    private partial void LogReached(string id, string address);

    [LoggerMessage(8016, LogLevel.Debug, "A health message ({Kind}) for endpoint {Id} was not taken: {Reason}. It is sent again in {Pause} s")]
    private partial void LogAttempt(string id, OmfKind kind, string reason, double pause);

    [LoggerMessage(8017, LogLevel.Debug, "Health endpoint {Id} still refuses {Kind}: {Reason}")]
    private partial void LogStillRefused(string id, OmfKind kind, string reason);
}
