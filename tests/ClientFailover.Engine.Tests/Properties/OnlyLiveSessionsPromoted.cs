namespace ClientFailover.Engine.Tests.Properties;

/// <summary>
/// Guarantee 3: no session is newly promoted while not live; nor one that never posted a heartbeat, nor one that is
/// ordered to be Secondary.
/// </summary>
internal sealed class OnlyLiveSessionsPromoted : Guarantee
{
    internal override void Observe(Step step, ScheduleRun run)
    {
        foreach (var change in step.Promotions)
        {
            Require(run.Hearings.MayBeLive(change.SessionId, step.Now), $"{change.SessionId} was promoted while not live.", step, run);
            var session = run.Hearings.Sessions[change.SessionId];
            Require(session.Posted, $"{change.SessionId} was promoted but has posted no heartbeat.", step, run);
            Require(!session.IsSecondaryByOrder, $"{change.SessionId} was promoted against an order.", step, run);
        }
    }
}
