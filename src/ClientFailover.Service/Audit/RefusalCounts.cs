using System.Globalization;
using System.Net;
using ClientFailover.Service.Identity;

namespace ClientFailover.Service.Audit;

/// <summary>
/// What was refused since it was summed up last, to callers of one sort, in bounded memory: a hundred different refusals are told
/// apart, and twenty of one source; of what is beyond, how many there were of each source. Not safe for many threads.
/// </summary>
/// <param name="areVerified">Whether it is known who these callers are: then each is a source of its own wherever it is, else an address is one.</param>
internal sealed class RefusalCounts(bool areVerified)
{
    /// <summary>How many different ones are told apart.</summary>
    public const int Capacity = 100;

    /// <summary>How many of those may be of one source.</summary>
    public const int PerSource = 20;

    /// <summary>Of how many sources what is beyond is counted for each; beyond, for each caller from wherever it comes, of as many again.</summary>
    public const int MostSources = 100;

    private readonly Dictionary<Kind, Tally> _kinds = [];
    private readonly Dictionary<Source, int> _perSource = [];
    private readonly Dictionary<Source, Tally> _further = [];

    /// <summary>Whether there was none.</summary>
    public bool IsEmpty => _kinds.Count == 0;

    /// <summary>Counts a refusal.</summary>
    /// <param name="entry">The refusal.</param>
    /// <param name="now">The time.</param>
    /// <returns>Whether it is to be recorded by itself: it is the first of its kind.</returns>
    public bool Add(AuditEntry entry, DateTimeOffset now)
    {
        var network = CallerNetwork.Of(entry.From);
        var kind = new Kind(entry.Who, entry.Scheme, network, entry.Action, entry.Result);
        if (_kinds.TryGetValue(kind, out var tally))
        {
            tally.Add(now);
            return false;
        }

        var source = areVerified ? new Source(entry.Who, entry.Scheme, network) : new Source(null, null, network);
        var ofSource = _perSource.GetValueOrDefault(source);
        if (_kinds.Count < Capacity && ofSource < PerSource)
        {
            _perSource[source] = ofSource + 1;
            _kinds[kind] = new Tally(entry);
            return true;
        }

        AddFurther(source, entry.From, now);
        return false;
    }

    /// <summary>Sums up, and begins anew.</summary>
    /// <returns>The sums.</returns>
    public IReadOnlyList<AuditEntry> SumUp()
    {
        AuditEntry[] sums =
        [
            .. _kinds.Values.Where(t => t.More > 0).Select(t => Sum(t, "like this")),
            .. _further.Values.Select(t => Sum(t, t.First.Who is null ? "of other kinds or callers" : "of other kinds")),
        ];
        _kinds.Clear();
        _perSource.Clear();
        _further.Clear();
        return sums;
    }

    private static AuditEntry Sum(Tally tally, string what) => tally.First with
    {
        Target = "-",
        Detail = string.Create(CultureInfo.InvariantCulture, $"{tally.More} more {what}, the last at {tally.Last.UtcDateTime:O}"),
        OperationId = null,
    };

    private void AddFurther(Source source, IPAddress? from, DateTimeOffset now)
    {
        if (!HasRoom(source, MostSources))
        {
            (source, from) = (source with { Network = null }, null);
            source = HasRoom(source, 2 * MostSources) ? source : default;
        }

        if (!_further.TryGetValue(source, out var tally))
        {
            _further[source] = tally = new Tally(new AuditEntry("access", "-", "REFUSED", source.Who, from, Scheme: source.Scheme));
        }

        tally.Add(now);
    }

    private bool HasRoom(Source source, int most) => _further.Count < most || _further.ContainsKey(source);

    private readonly record struct Kind(string? Who, string? Scheme, IPAddress Network, string Action, string Result);

    private readonly record struct Source(string? Who, string? Scheme, IPAddress? Network);

    private sealed class Tally(AuditEntry first)
    {
        public AuditEntry First { get; } = first;

        public long More { get; private set; }

        public DateTimeOffset Last { get; private set; }

        public void Add(DateTimeOffset now) => (More, Last) = (More + 1, now);
    }
}
