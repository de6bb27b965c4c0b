using ClientFailover.Client.Connection;
using NUnit.Framework;

namespace ClientFailover.Client.Tests.Connection;

/// <summary>From one link to the next.</summary>
[TestFixture]
public sealed class ReconnectTests
{
    [Test]
    public async Task Run_BreaksAgainAsSoonAsItWorked_WaitsUntilALinkHolds()
    {
        await using var rig = new FakeRig();
        await rig.JoinAsync();
        await CutAsync(rig);
        await rig.BeatAsync();

        rig.Service.IsReachable = false;
        rig.Service.IsReachable = true;
        await rig.Time.SetAsync(t => t == TimeSpan.FromMilliseconds(50));
        Assert.That(rig.Client.Connection, Is.EqualTo(ConnectionState.Disconnected));
        rig.Time.Advance(TimeSpan.FromMilliseconds(50));
        await rig.Service.ConnectedAsync().Soon();
        await rig.BeatAsync();

        rig.Time.Advance(TimeSpan.FromSeconds(1));
        await CutAsync(rig);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Stop_BetweenTwoLinks_SaysGoodbyeOnTheNextOne(bool isReachable)
    {
        var member = new TestMember();
        var log = new RecordingLog();
        var stream = new ScriptedTransport("stream");
        var options = new FailoverOptions { FailoverGroupId = "G", Transport = FailoverTransport.Stream, Endpoint = new Uri("https://one/") };
        await using var client = new FailoverClient(options, member, new TimerTime(FakeRig.Start), log, (stream, stream), () => 0);
        client.Start();
        await log.LoggedAsync(7040);
        await member.NextAsync(FailoverRole.Primary);
        var gate = new TaskCompletionSource();
        stream.Gate = gate.Task;
        stream.Links.Single().Break();
        await stream.Links.Single().Disposed.Soon();

        var stopping = client.StopAsync();
        await member.DrainsAsync();
        stream.Answer = isReachable ? null : LinkFailure.Unreachable;
        gate.SetResult();

        await stopping.Soon();
        Assert.That(log.Count(7001), Is.EqualTo(isReachable ? 0 : 1));
        Assert.That(stream.Links.Count(l => l.Left.IsCompletedSuccessfully), Is.EqualTo(isReachable ? 1 : 0));
    }

    /// <summary>Cuts the connection, and waits for the next one, which needs no time.</summary>
    private static async Task CutAsync(FakeRig rig)
    {
        rig.Service.IsReachable = false;
        rig.Service.IsReachable = true;
        await rig.Service.ConnectedAsync().Soon();
    }
}
