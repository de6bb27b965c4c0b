using ClientFailover.Conformance.Running;
using Google.Protobuf.WellKnownTypes;
using NUnit.Framework;

namespace ClientFailover.Conformance.Streams;

/// <summary>Heartbeats that come sooner than one can be due.</summary>
public sealed class TooSoonTests
{
    [Test]
    public async Task Heartbeat_RightAfterAnother_IsNoticedAndChangesNothing()
    {
        var group = CallerActions.NewId();
        using var caller = new Caller(SharedService.WithDefaults);
        using var stream = await AdapterStream.JoinAsync(
            caller, group, "a", hello => hello.Group.FailoverTimeout = Duration.FromTimeSpan(TimeSpan.FromMinutes(1)));

        // Two of a kind follow each other within the limit, unless the machine sleeps in between: then another pair will.
        V1.Notice? notice = null;
        for (var sequence = 1; notice is null; sequence += 2)
        {
            await SendAsync(stream, sequence, 50);
            await SendAsync(stream, sequence + 1, 75);
            while (notice is null)
            {
                var message = await stream.NextAsync();
                notice = message.Notice;
                if (message.HeartbeatReply?.Sequence == sequence + 1)
                {
                    break;
                }
            }
        }

        Assert.That(notice.Kind, Is.EqualTo(V1.Notice.Types.Kind.HeartbeatTooSoon));
        Assert.That(notice.HasSequence, Is.True);
        Assert.That(notice.Message, Is.Not.Empty);
        Assert.That(notice.RetryAfter.ToTimeSpan(), Is.GreaterThan(TimeSpan.Zero).And.LessThanOrEqualTo(TimeSpan.FromSeconds(0.8)));
        Assert.That((await caller.SessionAsync(group, "a")).Heartbeat.FailoverScore, Is.EqualTo(50));
    }

    private static Task SendAsync(AdapterStream stream, long sequence, float score) => stream.SendAsync(new V1.AdapterMessage
    {
        Heartbeat = new V1.StreamHeartbeat { Sequence = sequence, FailoverScore = score },
    });
}
