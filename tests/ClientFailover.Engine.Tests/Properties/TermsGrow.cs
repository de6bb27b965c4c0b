namespace ClientFailover.Engine.Tests.Properties;

/// <summary>
/// Guarantee 2: terms only grow, and a term belongs to one session; over restarts, and over deletion and recreation of
/// the group too. A drain order reserves its term for the candidate.
/// </summary>
internal sealed class TermsGrow : Guarantee
{
    private readonly Dictionary<long, string> owners = [];
    private long last;

    internal override void Observe(Step step, ScheduleRun run)
    {
        Require(step.After.Term >= step.Before.Term, "The group's term went back.", step, run);
        foreach (var change in step.RoleChanges.Where(e => e.NewRole == Role.Primary))
        {
            Require(change.Term > last, $"Assignment of Primary with term {change.Term} after term {last}.", step, run);
            last = change.Term;
            Own(change.Term, change.SessionId, step, run);
        }

        if (step.Decision.DrainOrder is { } order)
        {
            Require(order.Term > last, $"Drain order reserves term {order.Term} after term {last}.", step, run);
            Require(order.SessionId == step.After.Primary, "Drain order to a session that is not Primary.", step, run);
            Own(order.Term, step.After.Pending!, step, run);
        }

        if (step.Decision.Reply is { Role: Role.Primary } reply)
        {
            Require(
                owners.GetValueOrDefault(reply.Term) == step.After.Primary,
                $"A reply says Primary with term {reply.Term}, which belongs to {owners.GetValueOrDefault(reply.Term) ?? "nobody"}.",
                step,
                run);
        }
    }

    private void Own(long term, string session, Step step, ScheduleRun run)
    {
        Require(owners.GetValueOrDefault(term, session) == session, $"Term {term} belongs to {owners.GetValueOrDefault(term)} already.", step, run);
        owners[term] = session;
    }
}
