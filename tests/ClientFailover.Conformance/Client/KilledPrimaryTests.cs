using ClientFailover.Client;
using ClientFailover.Conformance.Running;
using NUnit.Framework;

namespace ClientFailover.Conformance.Client;

/// <summary>
/// The process of a Primary on the client library is killed. On a service of their own: how many streams break at once, of all that are
/// open, decides whether it was the network's fault.
/// </summary>
[TestFixture]
public sealed class KilledPrimaryTests : OwnService
{
    [Test]
    public async Task Kill_OfThePrimarysProcess_OtherTakesOverByTheLossOfItsConnectionAlone()
    {
        // The failover timeout is many times as long as this test waits for anything: what happens in it, no deadline has brought about.
        var options = Adapter.Options(Service, CallerActions.NewId(), "a", FailoverTransport.Stream);
        using var killed = new AdapterProcess(options);
        var before = await killed.UntilAsync(FailoverRole.Primary);
        await using var other = new Adapter(Service, options.FailoverGroupId, "b", FailoverTransport.Stream);
        await Eventually.IsTrueAsync(async () => other.Client.Role.Term == before && await Caller.IsCandidateAsync(options.FailoverGroupId, "b"));
        using var watcher = await Watcher.StartAsync(Caller, options.FailoverGroupId);

        killed.Kill();

        var state = await other.UntilAsync(FailoverRole.Primary);
        Assert.That((state.Term, state.Reason), Is.EqualTo((before + 1, "PrimaryConnectionLost")));
        await watcher.UntilAsync(V1.Reason.SessionConnectionLost, "a");
        var promoted = await watcher.UntilAsync(V1.Reason.PrimaryConnectionLost, "b");
        Assert.That(promoted.DetectionTime.ToTimeSpan(), Is.LessThan(options.FailoverTimeout / 2));

        // It is back without its memory, and learns that it is nobody any more.
        using var again = new AdapterProcess(options);
        Assert.That(await again.UntilAsync(FailoverRole.Secondary), Is.EqualTo(state.Term));
        Assert.That(other.Client.Role.Role, Is.EqualTo(FailoverRole.Primary));
    }
}
