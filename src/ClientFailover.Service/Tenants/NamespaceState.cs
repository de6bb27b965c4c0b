using ClientFailover.Service.Groups;
using ClientFailover.Service.Limits;

namespace ClientFailover.Service.Tenants;

/// <summary>Responsible for a namespace in use: how much of its limits is taken, by what exists and what is being made.</summary>
/// <param name="record">The namespace.</param>
/// <param name="options">The limits where it has none of its own.</param>
/// <param name="time">The clock.</param>
internal sealed class NamespaceState(NamespaceRecord record, NamespaceOptions options, TimeProvider time)
{
    // Ids of groups that were deleted are remembered, so that no term is given twice: room for some generations of groups, and
    // for trials where there may be few of them.
    private const int IdsPerGroup = 4;
    private const int IdsAtLeast = 10_000;

    private readonly Lock _gate = new();
    private volatile Settings _settings = Settings.Of(record, options, time);
    private long _groups;
    private long _ids;
    private long _sessions;
    private bool _isClosed;

    /// <summary>The namespace.</summary>
    public NamespaceRecord Record => _settings.Record;

    /// <summary>How many requests it may make; heartbeats are not counted.</summary>
    public Rate Rate => _settings.Rate;

    /// <summary>How many requests a second that is.</summary>
    public long RequestsPerSecond => _settings.RequestsPerSecond;

    /// <summary>Its groups.</summary>
    public NamespaceGroups Groups { get; } = new();

    /// <summary>Gives it other members. What there is beyond new limits stays.</summary>
    /// <param name="record">The members.</param>
    public void Set(NamespaceRecord record) => _settings = Settings.Of(record, options, time);

    /// <summary>Takes in the id of a group that was stored, whatever the limits are now.</summary>
    public void RestoreId()
    {
        lock (_gate)
        {
            _ids++;
        }
    }

    /// <summary>Takes room for the id of a group that was never seen. It is kept for good, also if the group is not made.</summary>
    /// <returns>What stands against it; null: nothing, and it is taken.</returns>
    public LimitReached? TryTakeId()
    {
        lock (_gate)
        {
            var (groups, ids) = (_settings.MaximumGroups, (_settings.MaximumGroups * IdsPerGroup) + IdsAtLeast);
            if (_isClosed)
            {
                return LimitReached.Removed;
            }

            if (_groups >= groups)
            {
                return new LimitReached(LimitKind.Groups, groups);
            }

            if (_ids >= ids)
            {
                return new LimitReached(LimitKind.Ids, ids);
            }

            _ids++;
            return null;
        }
    }

    /// <summary>Gives the room of an id back that somebody else has taken at the same moment.</summary>
    public void ReleaseId()
    {
        lock (_gate)
        {
            _ids--;
        }
    }

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
                return LimitReached.Removed;
            }

            if (groups > 0 && _groups + groups > _settings.MaximumGroups)
            {
                return new LimitReached(LimitKind.Groups, _settings.MaximumGroups);
            }

            if (sessions > 0 && _sessions + sessions > _settings.MaximumSessions)
            {
                return new LimitReached(LimitKind.Sessions, _settings.MaximumSessions);
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

    private sealed record Settings(NamespaceRecord Record, long MaximumGroups, long MaximumSessions, long RequestsPerSecond, Rate Rate)
    {
        public static Settings Of(NamespaceRecord record, NamespaceOptions options, TimeProvider time)
        {
            var rate = record.Limits.RequestsPerSecond ?? options.MaxRequestsPerSecond;
            return new Settings(
                record, record.Limits.MaximumGroups ?? options.MaxGroups, record.Limits.MaximumSessions ?? options.MaxSessions, rate, new Rate(time, rate, burst: rate));
        }
    }
}

/// <summary>A limit that stands against a change.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Maximum">How many there may be.</param>
internal sealed record LimitReached(LimitKind Kind, long Maximum)
{
    /// <summary>The namespace is being removed, or has been.</summary>
    public static LimitReached Removed { get; } = new(LimitKind.Removed, 0);
}

/// <summary>Limits of a namespace, and of what is in it.</summary>
internal enum LimitKind
{
    /// <summary>Groups.</summary>
    Groups,

    /// <summary>Sessions.</summary>
    Sessions,

    /// <summary>Sessions of one group.</summary>
    SessionsOfGroup,

    /// <summary>Ids of groups, those of deleted ones included.</summary>
    Ids,

    /// <summary>The namespace is being removed.</summary>
    Removed,
}
