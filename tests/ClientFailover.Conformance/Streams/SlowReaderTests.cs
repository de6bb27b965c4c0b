using ClientFailover.Conformance.Running;
using NUnit.Framework;

namespace ClientFailover.Conformance.Streams;

/// <summary>An adapter that sends and does not read.</summary>
public sealed class SlowReaderTests
{
    // Replies of many times what HTTP/2 lets wait unread on the way.
    private const int Heartbeats = 30_000;

    [Test]
    public async Task Connect_AdapterThatDoesNotRead_HoldsUpNobodyAndThenGetsTheNewest()
    {
        var group = CallerActions.NewId();
        using var primary = await AdapterStream.JoinAsPrimaryAsync(SharedService.Caller, group, "a");
        using var slow = await AdapterStream.JoinAsync(SharedService.Caller, group, "slow");
        for (var i = 0; i < Heartbeats; i++)
        {
            await slow.BeatAsync(50);
        }

        // Of its own group, of its own connection.
        using var third = await AdapterStream.JoinAsync(SharedService.Caller, group, "c");
        Assert.That((await primary.BeatAndReadAsync(50)).Role, Is.EqualTo(V1.Role.Primary));
        Assert.That((await third.BeatAndReadAsync(50)).Role, Is.EqualTo(V1.Role.Secondary));

        // It becomes PendingPrimary, and then Primary: of what it has not read the newest assignment is left.
        await SharedService.Caller.OverrideAsync(group, "slow", V1.RoleOverride.Primary);
        await slow.BeatAsync(50);
        await primary.AcknowledgeAsync((await primary.DrainOrderAsync()).Term);
        await primary.RoleAsync(V1.Role.Secondary);
        await SharedService.Caller.OverrideAsync(group, "slow", V1.RoleOverride.Off);
        var last = await slow.BeatAsync(50);

        var replies = 0;
        long sequence = 0;
        V1.RoleAssignment? newest = null;
        while (sequence < last)
        {
            var message = await slow.NextAsync();
            newest = message.Assignment ?? newest;
            if (message.HeartbeatReply is { } reply)
            {
                Assert.That(reply.Sequence, Is.GreaterThan(sequence), "In order, none twice.");
                (sequence, replies) = (reply.Sequence, replies + 1);
                Assert.That(reply.Role == V1.Role.Primary, Is.EqualTo(newest is { Role: V1.Role.Primary }), "A reply never runs ahead of the assignment.");
            }
        }

        Assert.That(replies, Is.LessThan(Heartbeats), "It was not waited for.");
        Assert.That((newest?.Role, newest?.Term), Is.EqualTo((V1.Role.Primary, 2)));
    }
}
