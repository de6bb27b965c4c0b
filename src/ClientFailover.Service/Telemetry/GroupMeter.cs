using System.Diagnostics.Metrics;
using ClientFailover.Engine;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Hosting;

namespace ClientFailover.Service.Telemetry;

/// <summary>
/// Responsible for how groups and sessions are: counted when somebody collects, in one pass for all metrics together. Groups by
/// their names are shown only if the settings say so, and only so many of them.
/// </summary>
internal sealed class GroupMeter
{
    // Of one collection every metric shows the same moment; the next collection is seconds away.
    private static readonly TimeSpan Validity = TimeSpan.FromMilliseconds(500);

    private readonly GroupDirectory _directory;
    private readonly TimeProvider _time;
    private readonly int _mostNamed;
    private readonly Lock _gate = new();
    private readonly HashSet<GroupKey> _named = [];
    private GroupTally? _tally;
    private long _taken;

    /// <summary>Makes the instruments.</summary>
    /// <param name="meter">The meter.</param>
    /// <param name="directory">The groups.</param>
    /// <param name="options">How many groups are shown by name.</param>
    /// <param name="time">The clock.</param>
    public GroupMeter(ServiceMeter meter, GroupDirectory directory, ServiceOptions options, TimeProvider time)
    {
        (_directory, _time, _mostNamed) = (directory, time, options.MetricsGroups);
        meter.Show(Instruments.Groups, () => Take().Groups);
        meter.Show(Instruments.Sessions, () => Take().Sessions);
        meter.Show(Instruments.Overrides, () => Take().Overrides);
        meter.Show(Instruments.GroupSessions, () => Take().Named(c => c.Live));
        meter.Show(Instruments.GroupPrimary, () => Take().Named(c => c.HasPrimary ? 1 : 0));
        meter.Show(Instruments.GroupTerm, () => Take().Named(c => c.Term));
        meter.Count(Instruments.GroupPromotions, () => Take().Named(c => c.Promotions));
    }

    private GroupTally Take()
    {
        lock (_gate)
        {
            if (_tally is null || _time.GetElapsedTime(_taken) >= Validity)
            {
                (_tally, _taken) = (Count(), _time.GetTimestamp());
            }

            return _tally;
        }
    }

    private GroupTally Count()
    {
        var tally = new GroupTally();
        foreach (var owner in _directory.Owners)
        {
            if (owner.Count() is not { } counts)
            {
                continue;
            }

            tally.Add(counts);

            // Whoever was shown first keeps its place, also when it is deleted: the number of series that there ever were is limited.
            if (_named.Contains(owner.Key) || (_named.Count < _mostNamed && _named.Add(owner.Key)))
            {
                tally.Add(owner.Key, counts);
            }
        }

        return tally;
    }

    /// <summary>All groups together, at one moment.</summary>
    private sealed class GroupTally
    {
        private readonly long[] _groups = new long[Labels<GroupCondition>.All.Count];
        private readonly long[] _sessions = new long[Labels<Presence>.All.Count * Labels<Role>.All.Count];
        private readonly long[] _overrides = new long[Labels<RoleOverride>.All.Count];
        private readonly List<(GroupKey Key, GroupCounts Counts)> _named = [];

        public IEnumerable<Measurement<long>> Groups =>
            _groups.Select((n, i) => new Measurement<long>(n, Label("state", Labels<GroupCondition>.All[i])));

        public IEnumerable<Measurement<long>> Sessions => _sessions.Select((n, i) => new Measurement<long>(
            n, Label("state", Labels<Presence>.All[i / Labels<Role>.All.Count]), Label("role", Labels<Role>.All[i % Labels<Role>.All.Count])));

        // No order is none.
        public IEnumerable<Measurement<long>> Overrides => _overrides.Select((n, i) => new Measurement<long>(n, Label("role", Labels<RoleOverride>.All[i]))).Skip(1);

        public IEnumerable<Measurement<long>> Named(Func<GroupCounts, long> value) => _named.Select(g => new Measurement<long>(
            value(g.Counts), Label("tenant", g.Key.Tenant), Label("namespace", g.Key.Namespace), Label("group", g.Key.Group)));

        public void Add(GroupCounts counts)
        {
            _groups[(int)counts.Condition]++;
            for (var i = 0; i < _sessions.Length; i++)
            {
                _sessions[i] += counts.Sessions[i];
            }

            for (var i = 0; i < _overrides.Length; i++)
            {
                _overrides[i] += counts.Overrides[i];
            }
        }

        public void Add(GroupKey key, GroupCounts counts) => _named.Add((key, counts));

        private static KeyValuePair<string, object?> Label(string name, string value) => new(name, value);
    }
}
