using ClientFailover.Client.Hosting;
using ClientFailover.Engine;
using ClientFailover.Engine.Tests.Driving;

namespace ClientFailover.Client.Tests.Collection.Simulation;

/// <summary>Responsible for an adapter's membership in a simulated service, over a stream or REST, with what can go wrong between them.</summary>
internal sealed class SimulatedMembership(VirtualWorld world, SimulatedService service, NodeClock clock, IFailoverMember member, string id, bool onStream, bool sourceTimestamps)
    : IMembership, IFailoverClient
{
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(5);
    private static long _lastStream;

    private readonly CancellationTokenSource _never = new();
    private long? _stream;
    private long? _lastKnownTerm;
    private long _drainTerm;
    private TimeSpan _drainForgotten;
    private CancellationTokenSource? _drain;
    private TimeSpan _lastBeat = TimeSpan.FromDays(-1);
    private TimeSpan _lastAnswer;
    private bool _isSoon;
    private bool _isOver;

    /// <summary>Nothing gets through to the service nor back.</summary>
    public bool IsCut { get; set; }

    public float LastScore { get; private set; }

    public RoleState Role { get; private set; } = new(FailoverRole.Secondary, null, null, null, false, default);

    /// <summary>Whether the adapter is busy with a drain, and its own loop knows of it.</summary>
    public Task? Drain { get; private set; }

    public CancellationToken WhilePrimary => _never.Token;

    public ConnectionState Connection => ConnectionState.Stream;

    public TimeSpan FailoverTimeout => service.Timeout;

    private TimeSpan Interval => FailoverTimeout / (onStream ? 3 : 2);

    public IAsyncEnumerable<RoleState> RoleChangesAsync(CancellationToken cancellation = default) => throw new NotSupportedException();

    public void ReportSoon()
    {
        // Called by the adapter in the middle of anything, on any thread.
        if (!_isSoon)
        {
            _isSoon = true;
            var second = TimeSpan.FromSeconds(1);
            var wait = _lastBeat + ((Interval < second ? Interval : second) * 0.8) + TimeSpan.FromMilliseconds(1) - world.Now;
            Later(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, () =>
            {
                _isSoon = false;
                if (_stream is not null || !onStream)
                {
                    Beat(0);
                }
            });
        }
    }

    public IFailoverClient Client => this;

    public void Start() =>
        Later(TimeSpan.Zero, () =>
        {
            Connect();
            if (!onStream)
            {
                Later(Latency * 3, () => Beat(0));
                Later(TimeSpan.FromSeconds(1), Regularly);
            }
            else
            {
                Later(Interval, Regularly);
            }
        });

    public async Task StopAsync(CancellationToken cancellation)
    {
        if (Role.Role == FailoverRole.Primary)
        {
            // Whatever the service still answers.
            (_drainTerm, _drainForgotten, _drain) = (long.MaxValue, TimeSpan.MaxValue, new CancellationTokenSource());
            await member.DrainAsync(new DrainOrder(long.MaxValue, "Leaving", TimeSpan.FromSeconds(5)), cancellation);
        }

        var report = member.Report();
        Send(d =>
        {
            d.Decide(new PostHeartbeat(d.Now, id, report.FailoverScore, report.LastDataProcessedTime?.UtcDateTime, null, onStream));
            service.Streams.Remove(id);
            d.Change(new UnregisterSession(id));
        });
        _isOver = true;
        member.Assume(Role with { Role = FailoverRole.Secondary, IsExact = false }, FailoverTimeout);
    }

    /// <summary>The process dies: the service sees the end of the stream.</summary>
    public void Die()
    {
        if (_stream is { } broken && !IsCut)
        {
            world.After(Latency, () => service.Receive(d =>
            {
                service.Streams.Remove(id);
                d.Decide(new StreamEnded(d.Now, id, broken, BrokenByPeer: true));
            }));
        }

        _isOver = true;
    }

    public void Disconnected() => _stream = null;

    public void Push(RoleChanged change) => Deliver(() =>
    {
        _lastKnownTerm = change.Term;
        Assume(change.NewRole, change.Term, change.Reason.ToString(), change.LastDataProcessedTime, change.IsExact);
        if (change.NewRole == Engine.Role.PendingPrimary)
        {
            Send(d => d.Decide(new AcknowledgeAssignment(d.Now, id, change.Term, null)));
        }
    });

    public void PushOrder(Engine.DrainOrder order, TimeSpan timeLeft) => Deliver(() =>
    {
        (_drainTerm, _drainForgotten, _drain) = (order.Term, world.Now + timeLeft + FailoverTimeout, new CancellationTokenSource());
        var cancellation = _drain;
        Drain = AcknowledgeAsync(order, timeLeft, cancellation.Token);
        Later(timeLeft, cancellation.Cancel);
    });

    private async Task AcknowledgeAsync(Engine.DrainOrder order, TimeSpan timeLeft, CancellationToken cancellation)
    {
        var time = await member.DrainAsync(new DrainOrder(order.Term, order.Reason.ToString(), timeLeft), cancellation);
        Send(d => d.Decide(new AcknowledgeAssignment(d.Now, id, order.Term, time?.UtcDateTime)));
    }

    private void Connect()
    {
        var stream = Interlocked.Increment(ref _lastStream);
        var term = _lastKnownTerm;
        Send(d =>
        {
            d.Change(new CreateGroup(new RequestedGroup(SimulatedService.GroupId, null, null, FailoverTimeout, null), FailoverTimeout));
            var plan = d.Change(new RegisterSession(id, null, null));
            if (!onStream)
            {
                if (plan.Refusal is null && plan.Events.Count == 0)
                {
                    d.Decide(new RegisterAgain(d.Now, id));
                }

                return;
            }

            service.Streams[id] = this;
            var decision = d.Decide(new StreamHello(d.Now, id, stream, term, StepDown: false, sourceTimestamps));
            Deliver(() =>
            {
                (_stream, _lastAnswer) = (stream, world.Now);
                Answered(decision, 0);
                Beat(0);
            });
        });
    }

    private void Regularly()
    {
        if (onStream && _stream is not null && world.Now - _lastAnswer > FailoverTimeout * 0.7)
        {
            _stream = null;
        }

        if (onStream && _stream is null)
        {
            Connect();
        }
        else
        {
            Beat(0);
        }

        Later(onStream && _stream is null ? TimeSpan.FromSeconds(1) : Interval, Regularly);
    }

    private void Beat(int confirmations)
    {
        _lastBeat = world.Now;
        var report = member.Report();
        LastScore = report.FailoverScore;
        Send(d =>
        {
            if (onStream && service.Streams.GetValueOrDefault(id) != this)
            {
                return;
            }

            var decision = service.Beat(d, new PostHeartbeat(d.Now, id, report.FailoverScore, report.LastDataProcessedTime?.UtcDateTime, null, onStream));
            Deliver(() => Answered(decision, confirmations));
        });
    }

    private void Answered(Decision decision, int confirmations)
    {
        _lastAnswer = world.Now;
        if (decision.Refusal is { Kind: RefusalKind.SessionNotFound or RefusalKind.GroupNotFound })
        {
            _stream = null;
            if (!onStream)
            {
                Connect();
                Later(Latency * 3, () => Beat(0));
            }
        }
        else if (decision.Reply is { } reply && !(_drain is not null && reply.Role == Engine.Role.Primary && reply.Term < _drainTerm && world.Now <= _drainForgotten))
        {
            _lastKnownTerm = reply.Term;
            Assume(reply.Role, onStream ? reply.Term : null, null, reply.LastDataProcessedTime, false);
            if (!onStream && reply.Role == Engine.Role.PendingPrimary && confirmations < 10)
            {
                Beat(confirmations + 1);
            }
        }
    }

    private void Assume(Role role, long? term, string? reason, DateTime? time, bool isExact)
    {
        _drain?.Cancel();
        _drain = null;
        time = service.Told(time, isExact);
        Role = new RoleState((FailoverRole)(int)role, term, reason, time is { } t ? new DateTimeOffset(t) : null, isExact, clock.GetUtcNow());
        member.Assume(Role, FailoverTimeout);
    }

    private void Later(TimeSpan delay, Action action) => world.After(delay, () => clock.Do(() =>
    {
        if (!_isOver)
        {
            action();
        }
    }));

    private void Deliver(Action action)
    {
        if (!IsCut)
        {
            Later(Latency, action);
        }
    }

    private void Send(Action<GroupDriver> message)
    {
        if (!IsCut && !_isOver)
        {
            world.After(Latency, () =>
            {
                if (!service.Receive(message))
                {
                    Later(Latency, Disconnected);
                }
            });
        }
    }
}
