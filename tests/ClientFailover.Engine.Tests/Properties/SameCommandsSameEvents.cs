namespace ClientFailover.Engine.Tests.Properties;

/// <summary>
/// Guarantee 8: same commands, same order: same events. The second run renames the sessions without changing their
/// order, so that nothing can depend on hash codes either.
/// </summary>
internal sealed class SameCommandsSameEvents(Schedule schedule) : Guarantee
{
    private const string OtherPrefix = "t-";

    internal override void Observe(Step step, ScheduleRun run)
    {
    }

    internal override void End(ScheduleRun run)
    {
        var again = new ScheduleRun(schedule, new Nothing(), OtherPrefix);
        again.Play();
        Compare(run.Driver.Events, again.Driver.Events);
        Compare(run.Decisions.ConvertAll(d => $"{d.Refusal} {d.Reply} {d.DrainOrder}"), again.Decisions.ConvertAll(d => $"{d.Refusal} {d.Reply} {d.DrainOrder}"));
    }

    private static void Compare<T>(List<T> first, List<T> second)
        where T : notnull
    {
        for (var i = 0; i < Math.Max(first.Count, second.Count); i++)
        {
            var (left, right) = (i < first.Count ? first[i].ToString() : null, i < second.Count ? second[i].ToString() : null);
            if (left != right?.Replace(OtherPrefix, ScheduleRun.Prefix, StringComparison.Ordinal))
            {
                throw new GuaranteeBrokenException($"Number {i} differs:\n{left}\n{right}");
            }
        }
    }

    private sealed class Nothing : Guarantee
    {
        internal override void Observe(Step step, ScheduleRun run)
        {
        }
    }
}
