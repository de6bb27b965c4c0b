using ClientFailover.Engine;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Telemetry;
using ClientFailover.Service.Tests.Groups;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Telemetry;

public sealed class RoleMeterTests
{
    [Test]
    public async Task Happened_PrimaryTimesOut_IsCountedWithItsSilence()
    {
        using var reading = new MeterReading();
        using var bench = new OwnerBench();
        var roles = new RoleMeter(reading.Meter);
        bench.Watch.Published += roles.Happened;
        var owner = await bench.GroupAsync("G", "A", "B");
        await OwnerBench.BeatAsync(owner, "A");
        await OwnerBench.BeatAsync(owner, "B");
        bench.Pass(OwnerBench.FailoverTimeout / 2);
        await OwnerBench.BeatAsync(owner, "B");
        bench.Pass(OwnerBench.FailoverTimeout);

        // A has been silent for the failover timeout and the tolerance; B confirms.
        Assert.That((await OwnerBench.BeatAsync(owner, "B")).Role, Is.EqualTo(Role.Primary));

        Assert.That(
            () => reading.ReadAll(Instruments.RoleChanges),
            Is.EquivalentTo(new Dictionary<string, double>
            {
                ["role=primary,reason=only_client_in_group"] = 1,
                ["role=pending_primary,reason=primary_timed_out"] = 1,
                ["role=primary,reason=primary_timed_out"] = 1,
                ["role=secondary,reason=primary_timed_out"] = 1,
            }).After(60_000, 10));
        Assert.That(reading.Read(Instruments.Detection, "reason=primary_timed_out").Single(), Is.EqualTo(11.25).Within(0.05));
        Assert.That(reading.Read(Instruments.Takeover, "reason=primary_timed_out").Single(), Is.EqualTo(3.75).Within(0.05));
    }

    [Test]
    public async Task Pushed_RoleIsStoredLate_TheDelayCountsFromTheDecision()
    {
        using var reading = new MeterReading();
        using var bench = new OwnerBench();
        var services = bench.Services with { Pushes = new PushMeter(reading.Meter) };
        var owner = new GroupOwner(OwnerBench.Key("G"), DurableGroup.Absent, services);
        await owner.ChangeAsync(new CreateGroup(new RequestedGroup("G", null, null, OwnerBench.FailoverTimeout, null), OwnerBench.FailoverTimeout), default);
        await owner.EnsureSessionAsync(new RegisterSession("A", null, null), default);
        var link = new RecordingLink();
        owner.OpenLink("A", link, default);
        bench.Store.AnswersAtOnce = false;

        owner.HeartbeatOnLink("A", link, new HeartbeatReport(100, null, null));
        bench.Time.Advance(TimeSpan.FromMilliseconds(40));
        bench.Store.Answer();

        Assert.That(link.Next().Role, Is.EqualTo(Role.Primary));
        Assert.That(() => reading.Read(Instruments.Push), Is.EqualTo(new[] { 0.04 }).After(60_000, 10));
    }
}
