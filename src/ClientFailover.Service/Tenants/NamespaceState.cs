namespace ClientFailover.Service.Tenants;

/// <summary>Responsible for a namespace in use: how much of its limits is taken, by what exists and what is being made.</summary>
/// <param name="record">The namespace.</param>
/// <param name="options">The limits where it has none of its own.</param>
/// <param name="time">The clock.</param>
internal sealed class NamespaceState(NamespaceRecord record, NamespaceOptions options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly long _maximumGroups = record.Limits.MaximumGroups ?? options.MaxGroups;
    private readonly long _maximumSessions = record.Limits.MaximumSessions ?? options.MaxSessions;
    private long _groups;
    private long _sessions;
    private bool _isClosed;

    /// <summary>The namespace.</summary>
    public NamespaceRecord Record { get; } = record;

    /// <summary>How many requests it may make; heartbeats are not counted.</summary>
    public RequestRate Rate { get; } = new(time, record.Limits.RequestsPerSecond ?? options.MaxRequestsPerSecond);

    /// <summary>How many requests a second that is.</summary>
    public long RequestsPerSecond { get; } = record.Limits.RequestsPerSecond ?? options.MaxRequestsPerSecond;

    /// <summary>Takes in what was stored, whatever the limits are now.</summary>
    /// <param name="groups">How many groups.</param>
    /// <param name="sessions">How many sessions.</param>
    public void Restore(int groups, int sessions)
    {
        lock (_gate)
        {
            (_groups, _sessions) = (_groups + groups, _sessions + sessions);
        }
    }

    /// <summary>Takes room for what is to be made.</summary>
    /// <param name="groups">How many groups.</param>
    /// <param name="sessions">How many sessions.</param>
    /// <returns>What stands against it; null: nothing, and it is taken.</returns>
    public LimitReached? TryTake(int groups, int sessions)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return new LimitReached(LimitKind.Removed, 0);
            }

            if (groups > 0 && _groups + groups > _maximumGroups)
            {
                return new LimitReached(LimitKind.Groups, _maximumGroups);
            }

            if (sessions > 0 && _sessions + sessions > _maximumSessions)
            {
                return new LimitReached(LimitKind.Sessions, _maximumSessions);
            }

            (_groups, _sessions) = (_groups + groups, _sessions + sessions);
            return null;
        }
    }

    /// <summary>Gives room back: something is gone, or was not made.</summary>
    /// <param name="groups">How many groups.</param>
    /// <param name="sessions">How many sessions.</param>
    public void Release(int groups, int sessions)
    {
        lock (_gate)
        {
            (_groups, _sessions) = (_groups - groups, _sessions - sessions);
        }
    }

    /// <summary>Lets no group in any more, if there is none and none is being made.</summary>
    /// <returns>False: there is one.</returns>
    public bool TryClose()
    {
        lock (_gate)
        {
            return _isClosed = _groups == 0;
        }
    }

    /// <summary>Takes <see cref="TryClose"/> back.</summary>
    public void Reopen()
    {
        lock (_gate)
        {
            _isClosed = false;
        }
    }
}

/// <summary>A limit that stands against a change.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Maximum">How many there may be.</param>
internal sealed record LimitReached(LimitKind Kind, long Maximum);

/// <summary>Limits of a namespace.</summary>
internal enum LimitKind
{
    /// <summary>Groups.</summary>
    Groups,

    /// <summary>Sessions.</summary>
    Sessions,

    /// <summary>The namespace is being removed.</summary>
    Removed,
}
