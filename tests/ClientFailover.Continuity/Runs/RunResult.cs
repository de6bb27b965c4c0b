using System.Text.Json.Serialization;
using ClientFailover.Continuity.Faults;
using ClientFailover.Continuity.Processes;

namespace ClientFailover.Continuity.Runs;

/// <summary>What came of a run.</summary>
internal sealed record RunResult
{
    public required string Id { get; init; }

    public required string Fault { get; init; }

    public required string Mode { get; init; }

    public required string Adapters { get; init; }

    /// <summary>FailoverTimeout in seconds.</summary>
    public required double FailoverTimeout { get; init; }

    /// <summary>Why it could not be judged; null: it was.</summary>
    public string? Error { get; init; }

    /// <summary>How often it was spoilt before its fault, and begun again.</summary>
    public int Retries { get; init; }

    /// <summary>Values that the sources had in the judged span.</summary>
    public long Produced { get; init; }

    /// <summary>Values that never arrived as the source had them.</summary>
    public long Missing { get; init; }

    /// <summary>Of these, values that no adapter collected that still has them.</summary>
    public long Uncollected { get; init; }

    /// <summary>The same of the worst stream, in seconds; judged in hot mode.</summary>
    public double UncollectedSeconds { get; init; }

    /// <summary>Values that never arrived though an adapter collected them and ran on.</summary>
    public long Lost => Missing - Uncollected;

    /// <summary>What is judged: in hot mode lost values of the worst stream, else missing ones, in seconds.</summary>
    public double LossSeconds { get; init; }

    /// <summary>Values that arrived, and are not what the source had at their time: missing ones, and never allowed.</summary>
    public long Wrong { get; init; }

    /// <summary>Arrivals of values that were there and read otherwise: never allowed.</summary>
    public long Conflicts { get; init; }

    /// <summary>Arrivals of values that were there.</summary>
    public long Duplicates { get; init; }

    /// <summary>The same in seconds of the group's data.</summary>
    public double DuplicateSeconds { get; init; }

    /// <summary>Values that arrived later than a second.</summary>
    public long Late { get; init; }

    /// <summary>The latest arrival, in seconds.</summary>
    public double LatestSeconds { get; init; }

    /// <summary>From the fault to the first value that another sent, in seconds.</summary>
    public double? TakeoverSeconds { get; init; }

    /// <summary>Assignments of Primary since the fault.</summary>
    public int Promotions { get; init; }

    /// <summary>How long the machine held up the bench at most, in seconds.</summary>
    public double HeldUpSeconds { get; init; }

    /// <summary>What it may cost by the documented rules.</summary>
    public Bounds? Bounds { get; init; }

    /// <summary>What it may cost beyond that, for the machine.</summary>
    public Slack? Slack { get; init; }

    /// <summary>The bounds that were broken, slack included.</summary>
    public IReadOnlyList<string> BrokenBounds { get; init; } = [];

    /// <summary>It ended, and the machine held up the bench for a quarter of the failover timeout at most: more slack than that proves nothing.</summary>
    public bool IsJudged => Error is null && HeldUpSeconds <= FailoverTimeout / 4;

    /// <summary>It was judged and kept its bounds.</summary>
    public bool IsGood => IsJudged && BrokenBounds.Count == 0;

    /// <summary>What the picture shows.</summary>
    [JsonIgnore]
    public Recording? Recording { get; init; }
}

/// <summary>Everything that happened in a run, for the picture and for whoever looks for a cause.</summary>
internal sealed record Recording(
    DateTimeOffset From,
    DateTimeOffset To,
    IReadOnlyList<AdapterRecord> Adapters,
    TimeSpan Piece,
    IReadOnlyList<EventView> Events,
    IReadOnlyList<Broken> Broken,
    IReadOnlyList<StreamRecord> Streams,
    string ServiceOutput);

/// <summary>What one adapter did.</summary>
internal sealed record AdapterRecord(
    string Name, string Kind, IReadOnlyList<Life> Lives, IReadOnlyList<RoleTaken> Roles, IReadOnlyList<Sent> Sent, string Output);

/// <summary>What an adapter sent in a piece of time, by arrival.</summary>
internal readonly record struct Sent(DateTimeOffset Time, int New, int Again);

/// <summary>What came of a stream.</summary>
internal sealed record StreamRecord(string Name, IReadOnlyList<Span> Lost, IReadOnlyList<Span> Uncollected, IReadOnlyList<Span> Again);

/// <summary>A span of a stream, by the time of its values.</summary>
internal readonly record struct Span(DateTimeOffset From, DateTimeOffset To, long Values);
