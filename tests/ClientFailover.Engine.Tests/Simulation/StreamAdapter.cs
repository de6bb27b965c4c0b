namespace ClientFailover.Engine.Tests.Simulation;

/// <summary>An adapter on a stream: beats every third of a timeout, is pushed its role, drains, reconnects every second.</summary>
internal sealed class StreamAdapter(World world, SimulatedService service, string id) : SimulatedAdapter(world, service, id)
{
    private static readonly TimeSpan ReconnectAfter = TimeSpan.FromSeconds(1);
    private static long lastStream;

    private long? stream;
    private long? lastKnownTerm;
    private long drainTerm;
    private TimeSpan lastAnswer;
    private TimeSpan lastSign;

    /// <summary>It steps down by its own clock when it cannot reach the service.</summary>
    internal bool StepDown { get; init; }

    /// <summary>Its end is silent: the machine dies, so that the service sees no broken stream.</summary>
    internal bool DiesSilently { get; set; }

    internal override void Kill()
    {
        if (stream is { } broken && !DiesSilently)
        {
            Send(service =>
            {
                Service.Streams.Remove(Id);
                service.Decide(new StreamEnded(service.Now, Id, broken, BrokenByPeer: true));
            });
        }

        base.Kill();
        (stream, lastKnownTerm) = (null, null);
    }

    internal void Disconnected() => stream = null;

    internal void Learn(Role role, long term, DateTime? lastDataProcessedTime)
    {
        lastAnswer = World.Now;
        lastKnownTerm = term;
        Learn(role, lastDataProcessedTime);
    }

    /// <summary>It is pushed an assignment; one to PendingPrimary is acknowledged at once, as a sign of life.</summary>
    internal void Pushed(Role role, long term, DateTime? lastDataProcessedTime)
    {
        Learn(role, term, lastDataProcessedTime);
        if (role == Role.PendingPrimary)
        {
            Send(service => service.Decide(new AcknowledgeAssignment(service.Now, Id, term, null)));
        }
    }

    /// <summary>It is ordered to hand over: finishes what is in flight, and acknowledges.</summary>
    internal void Drain(long term)
    {
        StopEgress();
        drainTerm = term;
        OfThisLife(Flight, () =>
        {
            var time = LastDataProcessedTime;
            Send(service => service.Decide(new AcknowledgeAssignment(service.Now, Id, term, time)));
        });
    }

    protected override void Restarted()
    {
        lastKnownTerm = null;
        lastAnswer = lastSign = World.Now;
        Connect();
        OfThisLife(Timeout / 3, Regularly);
    }

    private void Connect()
    {
        var id = Interlocked.Increment(ref lastStream);
        var term = lastKnownTerm;
        Send(service =>
        {
            service.Change(new CreateGroup(new RequestedGroup(SimulatedService.GroupId, null, null, Timeout, null), Timeout));
            service.Change(new RegisterSession(Id, null, null));
            Service.Streams[Id] = this;
            var decision = service.Decide(new StreamHello(service.Now, Id, id, term, StepDown, SourceTimestamps: true));
            Deliver(() =>
            {
                stream = id;
                Answered(decision);
                Beat();
            });
        });
    }

    private void Regularly()
    {
        if (stream is not null && World.Now - lastAnswer > Timeout * 0.7)
        {
            stream = null;
        }

        if (stream is null)
        {
            Connect();
        }
        else
        {
            Beat();
        }

        if (StepDown && Role == Role.Primary && World.Now - lastSign > Timeout * 0.6)
        {
            Learn(Role.Secondary, null);
        }

        OfThisLife(stream is null ? ReconnectAfter : Timeout / 3, Regularly);
    }

    private void Beat()
    {
        var (score, time, sent) = (Score(), LastDataProcessedTime, World.Now);
        Send(
            service =>
            {
                if (Service.Streams.GetValueOrDefault(Id) == this)
                {
                    var decision = service.Decide(new PostHeartbeat(service.Now, Id, score, time, null, OnStream: true));
                    Deliver(() =>
                    {
                        lastSign = sent;
                        Answered(decision);
                    });
                }
            },
            refused: Disconnected);
    }

    private void Answered(Decision decision)
    {
        if (decision.Refusal is { Kind: RefusalKind.SessionNotFound or RefusalKind.GroupNotFound })
        {
            stream = null;
        }
        else if (decision.Reply is { } reply && !(IsDraining && reply.Role == Role.Primary && reply.Term < drainTerm))
        {
            Learn(reply.Role, reply.Term, reply.LastDataProcessedTime);
        }
    }
}
