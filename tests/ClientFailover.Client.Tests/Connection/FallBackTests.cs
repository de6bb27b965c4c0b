using ClientFailover.Client.Connection;
using NUnit.Framework;

namespace ClientFailover.Client.Tests.Connection;

/// <summary>From the stream to REST and back.</summary>
[TestFixture]
public sealed class FallBackTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan HalfASecond = TimeSpan.FromSeconds(0.5);

    [Test]
    public async Task Run_StreamComesBack_MovesToItAfterAMinuteWithItsMemory()
    {
        var time = new TimerTime(FakeRig.Start);
        var member = new TestMember();
        var stream = new ScriptedTransport("stream") { Answer = LinkFailure.NotStream };
        var rest = new ScriptedTransport("rest", ConnectionState.Rest);
        var options = new FailoverOptions { FailoverGroupId = "G", Endpoint = new Uri("https://one/") };
        await using var client = new FailoverClient(options, member, time, new RecordingLog(), (stream, rest), () => 0);
        client.Start();
        await member.NextAsync(FailoverRole.Primary);
        Assert.That(client.Connection, Is.EqualTo(ConnectionState.Rest));
        var whilePrimary = client.WhilePrimary;
        stream.Answer = null;

        await time.SetAsync(t => t == Minute);
        time.Advance(Minute);

        var state = await member.NextAsync(s => s.Term == 7);
        Assert.That(client.Connection, Is.EqualTo(ConnectionState.Stream));
        Assert.That(state.Role, Is.EqualTo(FailoverRole.Primary));
        Assert.That(whilePrimary.IsCancellationRequested, Is.False);
        Assert.That(rest.Requests.Select(r => r.LastKnownTerm), Is.EqualTo(new long?[] { null }));
        Assert.That(stream.Requests.Select(r => r.LastKnownTerm), Is.EqualTo(new long?[] { null, 0 }));
    }

    [Test]
    public async Task Run_StreamBreaksAndIsRefused_KeepsItsRoleOverRestAndBackOnTheStream()
    {
        var time = new TimerTime(FakeRig.Start);
        var member = new TestMember();
        var log = new RecordingLog();
        var stream = new ScriptedTransport("stream");
        var rest = new ScriptedTransport("rest", ConnectionState.Rest);
        var options = new FailoverOptions { FailoverGroupId = "G", Endpoint = new Uri("https://one/") };
        await using var client = new FailoverClient(options, member, time, log, (stream, rest), () => 0);
        client.Start();
        await log.LoggedAsync(7040);
        var whilePrimary = client.WhilePrimary;

        stream.Answer = LinkFailure.NotStream;
        stream.Links.Single().Break();
        await member.NextAsync(s => s.Term is null);
        Assert.That(client.Connection, Is.EqualTo(ConnectionState.Rest));
        Assert.That(log.Count(7050), Is.EqualTo(1));

        stream.Answer = null;
        await time.SetAsync(t => t == Minute);
        time.Advance(Minute);
        await member.NextAsync(s => s.Term == 7);

        Assert.That(client.Connection, Is.EqualTo(ConnectionState.Stream));
        Assert.That(whilePrimary.IsCancellationRequested, Is.False);
        Assert.That(member.All.Select(s => s.Role), Is.All.EqualTo(FailoverRole.Primary));
        Assert.That(rest.Requests.Select(r => r.LastKnownTerm), Is.EqualTo(new long?[] { 7 }));
        Assert.That(stream.Requests.Select(r => r.LastKnownTerm), Is.EqualTo(new long?[] { null, 7, 7 }));
    }

    [Test]
    public async Task Run_StreamComesBackAsTheSessionEnds_IsNotLeftOpen()
    {
        var time = new TimerTime(FakeRig.Start);
        var member = new TestMember();
        var stream = new ScriptedTransport("stream") { Answer = LinkFailure.NotStream };
        var rest = new ScriptedTransport("rest", ConnectionState.Rest);
        var options = new FailoverOptions { FailoverGroupId = "G", Endpoint = new Uri("https://one/") };
        await using var client = new FailoverClient(options, member, time, new RecordingLog(), (stream, rest), () => 0);
        client.Start();
        await member.NextAsync(FailoverRole.Primary);
        var gate = new TaskCompletionSource();
        (stream.Answer, stream.Gate) = (null, gate.Task);
        await time.SetAsync(t => t == Minute);
        time.Advance(Minute);
        await Eventually.IsTrueAsync(() => stream.Requests.Count == 2);

        rest.Links.Single().Break();
        await Eventually.IsTrueAsync(() => client.Connection == ConnectionState.Disconnected);
        gate.SetResult();

        await Eventually.IsTrueAsync(() => stream.Links.TryPeek(out var link) && link.Disposed.IsCompleted);
    }

    [Test]
    public async Task Run_StreamStaysAway_AskedOnceAMinute()
    {
        var time = new TimerTime(FakeRig.Start);
        var member = new TestMember();
        var stream = new ScriptedTransport("stream") { Answer = LinkFailure.NotStream };
        var rest = new ScriptedTransport("rest", ConnectionState.Rest);
        var options = new FailoverOptions { FailoverGroupId = "G", Endpoint = new Uri("https://one/") };
        await using var client = new FailoverClient(options, member, time, new RecordingLog(), (stream, rest), () => 0);
        client.Start();
        await member.NextAsync(FailoverRole.Primary);

        await time.SetAsync(t => t == Minute);
        time.Advance(TimeSpan.FromSeconds(59));
        await Eventually.IsTrueAsync(() => rest.Links.Single().Beats.Count == 2);
        Assert.That(stream.Requests, Has.Count.EqualTo(1));
        time.Advance(TimeSpan.FromSeconds(1));
        await time.SetAsync(t => t == HalfASecond);
        time.Advance(HalfASecond);
        await time.SetAsync(t => t == Minute);
        time.Advance(HalfASecond);

        // The service may have seen a hello whose stream broke: it waits a second for a sign of life.
        await Eventually.IsTrueAsync(() => rest.Links.Single().Beats.Count == 3);
        Assert.That(rest.Links.Single().Beats.Last().Time, Is.LessThanOrEqualTo(FakeRig.Start.AddSeconds(61)));
        Assert.That(stream.Requests, Has.Count.EqualTo(2));
        Assert.That(client.Connection, Is.EqualTo(ConnectionState.Rest));
        Assert.That(rest.Requests, Has.Count.EqualTo(1));
    }
}
