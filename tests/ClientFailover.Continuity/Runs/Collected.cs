using ClientFailover.Continuity.Adapters;
using ClientFailover.Continuity.Plant;
using ClientFailover.Continuity.Processes;

namespace ClientFailover.Continuity.Runs;

/// <summary>
/// Responsible for telling which values some adapter collected and must still have: its process has run ever since, or kept
/// them on disk and was started again.
/// </summary>
internal sealed class Collected
{
    /// <summary>What a killed adapter of the library may lose: what it collected later than this before its death.</summary>
    public static readonly TimeSpan Unwritten = TimeSpan.FromSeconds(1);

    private readonly List<(int Source, long First, long Last)> _kept = [];

    /// <summary>Goes through the record of the source.</summary>
    public Collected(SourceServer source, string group, IReadOnlyList<AdapterHost> adapters)
    {
        foreach (var client in source.ClientsOf(group))
        {
            var adapter = adapters.Single(a => a.Name == client.Name.Adapter);
            if (LastKept(adapter, adapter.Lives[client.Name.Life - 1], source) is not { } last)
            {
                continue;
            }

            foreach (var (first, end) in client.Taken().Where(range => range.First <= last))
            {
                _kept.Add((client.Name.Source, first, Math.Min(end, last)));
            }
        }
    }

    /// <summary>Whether somebody must have a value.</summary>
    /// <param name="stream">Index among the group's streams.</param>
    /// <param name="tick">Its number.</param>
    public bool IsKept(int stream, long tick) =>
        _kept.Exists(range => range.Source == stream / Signal.StreamsPerSource && range.First <= tick && tick <= range.Last);

    private static long? LastKept(AdapterHost adapter, Life life, SourceServer source)
    {
        if (life.End == LifeEnd.None)
        {
            return long.MaxValue;
        }

        // An adapter of the field keeps its buffer in memory, and nobody is left to send what is on the disk of one that is not started again.
        if (adapter.Kind == AdapterKind.Field || !adapter.IsRunning)
        {
            return null;
        }

        return source.TickAt(life.End == LifeEnd.Killed ? life.EndTime - Unwritten : life.EndTime);
    }
}
