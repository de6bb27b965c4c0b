using ClientFailover.Samples.Processes;

namespace ClientFailover.Samples.PlantPair;

/// <summary>What came of one pair.</summary>
/// <param name="Killed">The Primary that was killed.</param>
/// <param name="Successor">Who took over.</param>
/// <param name="Takeover">From the death of one to the first message of the other at the receiver.</param>
/// <param name="Values">Values of all its streams that are stored.</param>
/// <param name="Lost">Values from the first that arrived to the last that the source handed on, which never arrived.</param>
/// <param name="Duplicates">Values that arrived again; each is stored once.</param>
internal sealed record PairReport(string Killed, string Successor, TimeSpan Takeover, long Values, long Lost, long Duplicates);

/// <summary>Responsible for the course of the demo.</summary>
internal sealed class Course(Plant plant, Destination destination, Action<string> say)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly TimeSpan _patience = (4 * plant.Options.FailoverTimeout) + TimeSpan.FromSeconds(60);

    /// <exception cref="ProgramException">Nobody became Primary, or nobody took over.</exception>
    public async Task<IReadOnlyList<PairReport>> RunAsync(IReadOnlyList<Pair> pairs, CancellationToken stop)
    {
        foreach (var pair in pairs)
        {
            // The first in the group becomes Primary.
            foreach (var name in pair.Names)
            {
                pair.Start(name);
                say($"{name} starts");
                await WithinAsync(PrimaryAsync(pair, stop), $"{pair.Kind} has a Primary", stop);
            }
        }

        await Task.Delay(plant.Options.Duration, stop);
        var takeovers = await Task.WhenAll(pairs.Select(pair => KillPrimaryAsync(pair, stop)));
        await Task.Delay(plant.Options.Duration, stop);

        var ends = await plant.StopSourceAsync();
        say("the signals stop; what is on its way arrives");
        var streams = await ArriveAsync(pairs, ends, stop);
        return [.. pairs.Zip(takeovers, (pair, takeover) => Report(pair, takeover, ends[pair.Kind], streams))];
    }

    private async Task<(string Killed, TimeSpan Time)> KillPrimaryAsync(Pair pair, CancellationToken stop)
    {
        var primary = await PrimaryAsync(pair, stop);
        var death = await pair.KillAsync(primary);
        say($"{primary} is killed, the Primary of {pair.Kind}");
        var successor = pair.OtherThan(primary);
        var arrived = await WithinAsync(destination.FirstOfAsync(successor, death, stop), $"{successor} takes over", stop);
        say($"{successor}'s first values are there, {(arrived - death).TotalSeconds:F2} s after the kill");
        return (primary, arrived - death);
    }

    private async Task<string> PrimaryAsync(Pair pair, CancellationToken stop)
    {
        while (true)
        {
            if (await plant.Service.PrimaryOfAsync(pair.Kind, stop) is { } primary)
            {
                return primary;
            }

            await Task.Delay(Interval, stop);
        }
    }

    /// <summary>Waits until the last value of each stream is there, for as long as that may take.</summary>
    private async Task<IReadOnlyList<StreamState>> ArriveAsync(IReadOnlyList<Pair> pairs, IReadOnlyDictionary<string, long> ends, CancellationToken stop)
    {
        for (var end = TimeProvider.System.GetUtcNow() + _patience; ;)
        {
            var streams = await destination.StreamsAsync(stop);
            var allThere = pairs.All(pair => streams.Where(stream => stream.Stream.StartsWith(pair.StreamPrefix, StringComparison.Ordinal))
                .All(stream => stream.LastSequence == ends[pair.Kind]));
            if (allThere || TimeProvider.System.GetUtcNow() > end)
            {
                return streams;
            }

            await Task.Delay(Interval, stop);
        }
    }

    private static PairReport Report(Pair pair, (string Killed, TimeSpan Time) takeover, long end, IEnumerable<StreamState> streams)
    {
        var own = streams.Where(stream => stream.Stream.StartsWith(pair.StreamPrefix, StringComparison.Ordinal)).ToList();
        return new PairReport(
            takeover.Killed,
            pair.OtherThan(takeover.Killed),
            takeover.Time,
            own.Sum(stream => stream.Values),
            own.Sum(stream => end - stream.FirstSequence!.Value + 1 - stream.Values),
            own.Sum(stream => stream.Duplicates));
    }

    private async Task<T> WithinAsync<T>(Task<T> task, string what, CancellationToken stop)
    {
        try
        {
            return await task.WaitAsync(_patience, stop);
        }
        catch (TimeoutException)
        {
            throw new ProgramException($"Waited {_patience.TotalSeconds:F0} s in vain until {what}.");
        }
    }
}
