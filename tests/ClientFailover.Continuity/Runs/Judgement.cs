using ClientFailover.Client;
using ClientFailover.Continuity.Faults;
using ClientFailover.Continuity.Plant;
using ClientFailover.Continuity.Processes;

namespace ClientFailover.Continuity.Runs;

/// <summary>Responsible for the count of a run, and for what it means.</summary>
/// <param name="plan">What was run.</param>
/// <param name="group">Its group.</param>
/// <param name="firstTick">First tick of the judged span.</param>
/// <param name="lastTick">Its last tick.</param>
internal sealed class Judgement(RunPlan plan, string group, long firstTick, long lastTick)
{
    // As many as a picture can show, but not so short that each holds one message or none.
    private const int Pieces = 400;
    private static readonly TimeSpan ShortestPiece = TimeSpan.FromMilliseconds(200);

    private readonly TimeSpan _piece = TimeSpan.FromTicks(Math.Max(ShortestPiece.Ticks, ((lastTick - firstTick) * Signal.Interval / Pieces).Ticks));

    /// <summary>Judges.</summary>
    /// <param name="source">The sources.</param>
    /// <param name="arrivals">What the destination took.</param>
    /// <param name="adapters">The adapters.</param>
    /// <param name="broken">What was broken.</param>
    /// <param name="events">The group's history.</param>
    /// <param name="serviceOutput">What the service wrote.</param>
    public RunResult Judge(
        SourceServer source, IReadOnlyList<Arrival> arrivals, IReadOnlyList<AdapterHost> adapters, IReadOnlyList<Broken> broken,
        IReadOnlyList<EventView> events, string serviceOutput)
    {
        var names = Signal.StreamsOf(group).ToArray();
        var ticks = (int)(lastTick - firstTick + 1);
        var arrived = names.Select(_ => new bool[ticks]).ToArray();
        var again = names.Select(_ => new bool[ticks]).ToArray();
        foreach (var arrival in arrivals.Where(arrival => arrival.IsAgain || !arrival.IsWrong))
        {
            (arrival.IsAgain ? again : arrived)[arrival.Stream][arrival.Tick - firstTick] = true;
        }

        var collected = new Collected(source, group, adapters);
        var streams = new List<StreamRecord>();
        long missing = 0, uncollected = 0, worst = 0, worstNobodys = 0;
        for (var stream = 0; stream < names.Length; stream++)
        {
            var index = stream;
            var lost = Spans(source, tick => !arrived[index][tick] && collected.IsKept(index, firstTick + tick));
            var nobodys = Spans(source, tick => !arrived[index][tick] && !collected.IsKept(index, firstTick + tick));
            streams.Add(new StreamRecord(names[stream], lost, nobodys, Spans(source, tick => again[index][tick])));
            var (lostHere, nobodysHere) = (lost.Sum(span => span.Values), nobodys.Sum(span => span.Values));
            missing += lostHere + nobodysHere;
            uncollected += nobodysHere;
            worstNobodys = Math.Max(worstNobodys, nobodysHere);
            worst = Math.Max(worst, plan.Mode == FailoverMode.Hot ? lostHere : lostHere + nobodysHere);
        }

        var (faultBegan, faultEnded) = broken.Count == 0 ? (source.TimeOf(lastTick), source.TimeOf(lastTick)) : (broken.Min(b => b.From), broken.Max(b => b.To));
        var firstOfOther = arrivals.Where(a => a.Time > faultBegan && a.Sender != adapters[0].Name).Select(a => (DateTimeOffset?)a.Time).FirstOrDefault();
        var heldUp = source.HeldUpSince(source.TimeOf(firstTick)).TotalSeconds;
        var took = (faultEnded - faultBegan).TotalSeconds;
        var bounds = plan.Fault.Expect(new Terms(plan, slack: 0), took);
        var duplicates = arrivals.Count(arrival => arrival.IsAgain);
        var result = new RunResult
        {
            Id = plan.Id,
            Fault = plan.Fault.Name,
            Mode = plan.Mode.ToString(),
            Adapters = plan.Transport,
            FailoverTimeout = plan.FailoverTimeout.TotalSeconds,
            Produced = (long)ticks * names.Length,
            Missing = missing,
            Uncollected = uncollected,
            UncollectedSeconds = worstNobodys / (double)Signal.Rate,
            LossSeconds = worst / (double)Signal.Rate,
            Wrong = arrivals.Count(arrival => arrival is { IsWrong: true, IsAgain: false }),
            Conflicts = arrivals.Count(arrival => arrival is { IsWrong: true, IsAgain: true }),
            Duplicates = duplicates,
            DuplicateSeconds = duplicates / (double)Signal.GroupRate,
            Late = arrivals.Count(arrival => !arrival.IsAgain && Lateness(source, arrival) > 1),
            LatestSeconds = arrivals.Where(arrival => !arrival.IsAgain).Select(arrival => Lateness(source, arrival)).DefaultIfEmpty().Max(),
            TakeoverSeconds = (firstOfOther - faultBegan)?.TotalSeconds,
            Promotions = events.Count(e => e.NewRole == 1 && e.Time > faultBegan.UtcDateTime),
            HeldUpSeconds = heldUp,
            Bounds = bounds,
            Slack = Slack.Between(bounds, plan.Fault.Expect(new Terms(plan, Terms.SlackOf(heldUp)), took), Terms.UntoldFor(heldUp)),
            Recording = new Recording(
                source.TimeOf(firstTick), source.TimeOf(lastTick + 1),
                [.. adapters.Select(adapter => Record(adapter, arrivals))], _piece, events, broken, streams, serviceOutput),
        };
        return result with { BrokenBounds = [.. Broken(result)] };
    }

    private static double Lateness(SourceServer source, Arrival arrival) => (arrival.Time - source.TimeOf(arrival.Tick)).TotalSeconds;

    private AdapterRecord Record(AdapterHost adapter, IReadOnlyList<Arrival> arrivals) => new(
        adapter.Name,
        adapter.Kind.ToString(),
        adapter.Lives,
        adapter.Roles,
        [
            .. arrivals.Where(arrival => arrival.Sender == adapter.Name)
                .GroupBy(arrival => arrival.Time.UtcTicks / _piece.Ticks)
                .Select(piece => new Sent(
                    new DateTimeOffset(piece.Key * _piece.Ticks, TimeSpan.Zero), piece.Count(a => !a.IsAgain), piece.Count(a => a.IsAgain)))
                .OrderBy(sent => sent.Time),
        ],
        adapter.Output);

    private static IEnumerable<string> Broken(RunResult result)
    {
        var (bounds, slack) = (result.Bounds!, result.Slack!);
        if (result.LossSeconds > bounds.Loss + slack.Loss)
        {
            yield return Exceeded("lost", result.LossSeconds, bounds.Loss, slack.Loss);
        }

        if (result.Mode == nameof(FailoverMode.Hot) && result.UncollectedSeconds > bounds.Uncollected + slack.Uncollected)
        {
            yield return Exceeded("nobody collected", result.UncollectedSeconds, bounds.Uncollected, slack.Uncollected);
        }

        if (result.Wrong > 0)
        {
            yield return $"{result.Wrong} values are not what the source had";
        }

        if (result.Conflicts > 0)
        {
            yield return $"{result.Conflicts} repetitions read otherwise than what was there";
        }

        if (result.DuplicateSeconds > bounds.Duplicates + slack.Duplicates)
        {
            yield return Exceeded("duplicated", result.DuplicateSeconds, bounds.Duplicates, slack.Duplicates);
        }

        if (bounds.RolesMustStay && result.Promotions > 0)
        {
            yield return "a role changed";
        }
    }

    private static string Exceeded(string what, double seconds, double bound, double slack) =>
        FormattableString.Invariant($"{what} {seconds:0.##} s, at most {bound:0.##} s and {slack:0.##} s of slack");

    private List<Span> Spans(SourceServer source, Func<int, bool> isIn)
    {
        var spans = new List<Span>();
        var ticks = (int)(lastTick - firstTick + 1);
        for (var tick = 0; tick < ticks; tick++)
        {
            if (!isIn(tick))
            {
                continue;
            }

            var first = tick;
            while (tick + 1 < ticks && isIn(tick + 1))
            {
                tick++;
            }

            spans.Add(new Span(source.TimeOf(firstTick + first), source.TimeOf(firstTick + tick + 1), tick - first + 1));
        }

        return spans;
    }
}
