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

    [Test]
    public async Task Run_RenewalReplacesTheStreamAndFails_NextOneAtOnceAtEveryEndpoint()
    {
        var pause = TimeSpan.FromMilliseconds(50);
        var time = new TimerTime(FakeRig.Start);
        var stream = new ScriptedTransport("stream");
        await using var client = NewClient(time, new TestMember(), stream, () => 0.5);
        var (first, welcome) = await RenewAsync(client, stream);

        stream.Answer = LinkFailure.Unreachable;
        first.Break(LinkFailure.Replaced);
        welcome.SetResult();
        await time.SetAsync(t => t == pause);
        time.Advance(pause);

        await Eventually.IsTrueAsync(() => stream.Endpoints.Count == 4);
        Assert.That(stream.Endpoints, Is.EqualTo(new[] { "https://one/", "https://one/", "https://one/", "https://two/" }));
    }

    [Test]
    public async Task Stop_RenewalHasReplacedTheStreamAndIsNotWelcomed_SaysGoodbyeOnTheNextOne()
    {
        var member = new TestMember();
        var stream = new ScriptedTransport("stream");
        await using var client = NewClient(new TimerTime(FakeRig.Start), member, stream, () => 0);
        var (first, welcome) = await RenewAsync(client, stream);
        await member.NextAsync(FailoverRole.Primary);
        first.Break(LinkFailure.Replaced);
        await Eventually.IsTrueAsync(() => client.Connection == ConnectionState.Disconnected);

        var stopping = client.StopAsync();
        await member.DrainsAsync();
        welcome.SetResult();

        await stopping.Soon();
        Assert.That(stream.Links.Select(l => l.Left.IsCompletedSuccessfully), Is.EqualTo(new[] { false, true }));
    }

    private static FailoverClient NewClient(TimeProvider time, TestMember member, ScriptedTransport stream, Func<double> random)
    {
        var options = new FailoverOptions
        {
            FailoverGroupId = "G",
            Transport = FailoverTransport.Stream,
            Endpoint = new Uri("https://one/"),
            AdditionalEndpoints = { new Uri("https://two/") },
        };
        return new FailoverClient(options, member, time, new RecordingLog(), (stream, stream), random);
    }

    /// <summary>Starts, and waits until a stream is opened because the first one's token expires.</summary>
    /// <returns>The first one, and what the second one's welcome waits for.</returns>
    private static async Task<(ScriptedTransport.Link First, TaskCompletionSource Welcome)> RenewAsync(FailoverClient client, ScriptedTransport stream)
    {
        client.Start();
        await Eventually.IsTrueAsync(() => stream.Links.TryPeek(out var link) && !link.Beats.IsEmpty);
        var welcome = new TaskCompletionSource();
        stream.Gate = welcome.Task;
        var first = stream.Links.Single();
        first.Tell(new Told.CredentialExpiring());
        await Eventually.IsTrueAsync(() => stream.Requests.Count == 2);
        return (first, welcome);
    }

    /// <summary>Cuts the connection, and waits for the next one, which needs no time.</summary>
    private static async Task CutAsync(FakeRig rig)
    {
        rig.Service.IsReachable = false;
        rig.Service.IsReachable = true;
        await rig.Service.ConnectedAsync().Soon();
    }
}
