namespace ClientFailover.Engine.Tests.Simulation;

/// <summary>An adapter of the field: heartbeats at once, after 1 s, then every half timeout without retry.</summary>
internal sealed class RestAdapter(World world, SimulatedService service, string id) : SimulatedAdapter(world, service, id)
{
    private const int MostConfirmations = 10;

    internal void StopCleanly()
    {
        Send(service => service.Change(new UnregisterSession(Id)));
        Kill();
    }

    protected override void Restarted()
    {
        Register();
        OfThisLife(SimulatedAdapter.Latency * 2, () => Beat(0));
        OfThisLife(TimeSpan.FromSeconds(1), Regularly);
    }

    private void Register() => Send(service =>
    {
        service.Change(new CreateGroup(new RequestedGroup(SimulatedService.GroupId, null, null, Timeout, null), Timeout));
        var plan = service.Change(new RegisterSession(Id, null, null));
        if (plan.Refusal is null && plan.Events.Count == 0)
        {
            service.Decide(new RegisterAgain(service.Now, Id));
        }
    });

    private void Regularly()
    {
        Beat(0);
        OfThisLife(Timeout / 2, Regularly);
    }

    private void Beat(int confirmations)
    {
        var (score, time) = (Score(), LastDataProcessedTime);
        Send(service =>
        {
            var decision = service.Decide(new PostHeartbeat(service.Now, Id, score, time, null, OnStream: false));
            Deliver(() => Answered(decision, confirmations));
        });
    }

    private void Answered(Decision decision, int confirmations)
    {
        if (decision.Refusal is { Kind: RefusalKind.GroupNotFound or RefusalKind.SessionNotFound })
        {
            Register();
        }
        else if (decision is { Refusal: null, Reply: { } reply })
        {
            Learn(reply.Role, reply.LastDataProcessedTime);
            if (reply.Role == Role.PendingPrimary && confirmations < MostConfirmations)
            {
                Beat(confirmations + 1);
            }
        }
    }
}
