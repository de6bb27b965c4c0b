using System.Collections.Concurrent;
using ClientFailover.Engine;
using ClientFailover.Service.Groups;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Groups;

/// <summary>Real threads on one group. What they are told must never contradict itself, in whatever order it comes.</summary>
public sealed class GroupOwnerStressTests
{
    private const int Threads = 8;
    private const int Rounds = 4_000;

    [Test]
    public async Task AllCalls_FromManyThreads_OneSessionATermAndNothingStuck()
    {
        using var bench = new OwnerBench(new EngineSettings { MinimumHeartbeatInterval = 0, MinimumHoldTime = TimeSpan.Zero, DrainTimeout = TimeSpan.FromMilliseconds(1) });
        string[] sessions = ["A", "B", "C", "D"];
        var owner = await bench.GroupAsync("G", sessions);
        var holders = new ConcurrentDictionary<long, string>();
        var contradictions = new ConcurrentQueue<string>();
        var current = new ConcurrentDictionary<string, RecordingLink>();
        var links = new ConcurrentQueue<(string Session, RecordingLink Link)>();

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(async () =>
        {
            var random = new Random(thread);
            for (var i = 0; i < Rounds; i++)
            {
                var session = sessions[random.Next(sessions.Length)];
                switch (random.Next(40))
                {
                    case 0:
                        await owner.ChangeAsync(new SetRoleOverride(session, (RoleOverride)random.Next(3), null), default);
                        break;
                    case 1:
                        await owner.ChangeAsync(new UnregisterSession(session), default);
                        await owner.EnsureSessionAsync(new RegisterSession(session, null, null), default);
                        break;
                    case 2:
                        var link = new RecordingLink();
                        links.Enqueue((session, link));
                        current[session] = link;
                        owner.OpenLink(session, link, new LinkHello(random.Next(2) == 0 ? null : 1, false, true));
                        break;
                    case 3 when links.TryDequeue(out var closing):
                        owner.CloseLink(closing.Session, closing.Link, random.Next(2) == 0);
                        Check(closing.Session, closing.Link);
                        break;
                    case 4:
                        bench.Time.Advance(TimeSpan.FromMilliseconds(20));
                        bench.Scheduler.RunDue();
                        break;
                    case 5:
                        if (current.TryGetValue(session, out var acknowledging))
                        {
                            owner.Acknowledge(session, acknowledging, owner.Read()!.Term + random.Next(2), null);
                        }

                        break;
                    default:
                        var result = await owner.HeartbeatAsync(session, new HeartbeatReport(random.Next(101), null, null), default);
                        if (result.Reply is { Role: Role.Primary } reply)
                        {
                            Hold(reply.Term, session);
                        }

                        break;
                }
            }
        })));

        while (links.TryDequeue(out var open))
        {
            Check(open.Session, open.Link);
        }

        Assert.That(contradictions, Is.Empty);
        Assert.That(holders, Has.Count.GreaterThan(10), "The schedule must have had many handovers to mean anything.");
        var recorded = bench.Store.Taken.SelectMany(w => w.Events).OfType<RoleChanged>().Where(e => e.NewRole == Role.Primary).ToList();
        Assert.That(recorded.Select(e => e.Term), Is.Ordered.And.Unique);
        Assert.That(owner.Read()!.Sessions.Count(s => s.Role == Role.Primary), Is.AtMost(1));

        void Check(string session, RecordingLink link)
        {
            while (link.Assignments.TryTake(out var assignment))
            {
                if (assignment.Role == Role.Primary)
                {
                    Hold(assignment.Term, session);
                }
            }
        }

        void Hold(long term, string session)
        {
            if (holders.GetOrAdd(term, session) is var holder && holder != session)
            {
                contradictions.Enqueue($"Term {term} was told to {holder} and to {session}.");
            }
        }
    }
}
