using ClientFailover.Conformance.Running;
using Google.Protobuf.WellKnownTypes;
using NUnit.Framework;

namespace ClientFailover.Conformance.Streams;

/// <summary>Heartbeats on streams and their replies.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class HeartbeatTests
{
    private static Caller Caller => SharedService.Caller;

    [TestCase(0)]
    [TestCase(7)]
    [TestCase(-1)]
    [TestCase(long.MaxValue)]
    public async Task Heartbeat_AnySequence_ComesBackInTheReply(long sequence)
    {
        using var stream = await AdapterStream.JoinAsync(Caller, CallerActions.NewId(), "a");
        await stream.SendAsync(new V1.AdapterMessage { Heartbeat = new V1.StreamHeartbeat { Sequence = sequence, FailoverScore = 1 } });

        Assert.That((await stream.ReplyAsync(sequence)).Sequence, Is.EqualTo(sequence));
    }

    [Test]
    public async Task Heartbeat_OnlySession_IsMadePrimaryWithTermOne()
    {
        using var stream = await AdapterStream.JoinAsync(Caller, CallerActions.NewId(), "a");
        await stream.BeatAsync(0);

        var assignment = await stream.AssignmentAsync();

        Assert.That(assignment, Is.EqualTo(new V1.RoleAssignment { Role = V1.Role.Primary, Term = 1, Reason = V1.Reason.OnlyClientInGroup }));
        var reply = await stream.BeatAndReadAsync(0);
        Assert.That((reply.Role, reply.Term), Is.EqualTo((V1.Role.Primary, 1)));
    }

    [Test]
    public async Task Heartbeat_OfPrimaryWithTime_IsToldToAll()
    {
        var group = CallerActions.NewId();
        var processed = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc).AddTicks(1234567);
        using var primary = await AdapterStream.JoinAsPrimaryAsync(Caller, group, "a");
        using var secondary = await AdapterStream.JoinAsync(Caller, group, "b");

        var own = await primary.BeatAndReadAsync(50, processed);
        var others = await secondary.BeatAndReadAsync(50, processed.AddDays(1));

        Assert.That(own.LastDataProcessedTime.ToDateTime(), Is.EqualTo(processed));
        Assert.That(others.LastDataProcessedTime.ToDateTime(), Is.EqualTo(processed), "Never the Secondary's own.");
        using var third = await AdapterStream.JoinAsync(Caller, group, "c");
        Assert.That(third.Welcome.LastDataProcessedTime.ToDateTime(), Is.EqualTo(processed));
        Assert.That(third.Welcome.Term, Is.EqualTo(1));
    }

    [Test]
    public async Task Heartbeat_WithAdapterTime_IsShownAndDecidesNothing()
    {
        var group = CallerActions.NewId();
        var ahead = new DateTime(2150, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        using var stream = await AdapterStream.JoinAsync(Caller, group, "a");
        await stream.SendAsync(new V1.AdapterMessage
        {
            Heartbeat = new V1.StreamHeartbeat { Sequence = 1, FailoverScore = 12.5f, AdapterTime = ahead.ToTimestamp() },
        });
        await stream.ReplyAsync(1);

        var session = await Caller.SessionAsync(group, "a");

        Assert.That(session.HeartbeatPosted, Is.True);
        Assert.That(session.Heartbeat.FailoverScore, Is.EqualTo(12.5f));
        Assert.That(session.Heartbeat.HeartbeatTime.ToDateTime(), Is.EqualTo(ahead));
    }

    [TestCase(-0.001f)]
    [TestCase(100.001f)]
    [TestCase(float.NaN)]
    [TestCase(float.PositiveInfinity)]
    [TestCase(null)]
    public async Task Heartbeat_InvalidScore_IsNoticedAndTheStreamGoesOn(float? score)
    {
        var group = CallerActions.NewId();
        using var stream = await AdapterStream.JoinAsync(Caller, group, "a");
        var heartbeat = new V1.StreamHeartbeat { Sequence = 41 };
        if (score is { } value)
        {
            heartbeat.FailoverScore = value;
        }

        await stream.SendAsync(new V1.AdapterMessage { Heartbeat = heartbeat });
        var notice = await stream.NoticeAsync();

        Assert.That(notice.Kind, Is.EqualTo(V1.Notice.Types.Kind.HeartbeatInvalid));
        Assert.That(notice.Sequence, Is.EqualTo(41));
        Assert.That(notice.Message, Is.Not.Empty);
        Assert.That((await Caller.SessionAsync(group, "a")).HeartbeatPosted, Is.False, "It changes nothing.");
        Assert.That(await stream.BeatAndReadAsync(50), Is.Not.Null, "The stream goes on.");
    }

    [Test]
    public async Task Heartbeat_InvalidTime_IsNoticedAndTheStreamGoesOn()
    {
        using var stream = await AdapterStream.JoinAsync(Caller, CallerActions.NewId(), "a");
        await stream.SendAsync(new V1.AdapterMessage
        {
            Heartbeat = new V1.StreamHeartbeat { Sequence = 9, FailoverScore = 1, LastDataProcessedTime = new Timestamp { Nanos = -1 } },
        });

        var notice = await stream.NoticeAsync();

        Assert.That((notice.Kind, notice.Sequence), Is.EqualTo((V1.Notice.Types.Kind.HeartbeatInvalid, 9)));
        Assert.That(await stream.BeatAndReadAsync(50), Is.Not.Null);
    }
}
