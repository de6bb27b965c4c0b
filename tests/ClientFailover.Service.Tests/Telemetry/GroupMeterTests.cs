using ClientFailover.Engine;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Telemetry;
using ClientFailover.Service.Tests.Groups;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Telemetry;

public sealed class GroupMeterTests
{
    [Test]
    public async Task Groups_InEachCondition_AreTold()
    {
        using var bench = new OwnerBench();
        using var reading = Read(bench);
        Assert.That(reading.ReadAll(Instruments.Groups), Is.Empty);

        await bench.GroupAsync("Empty");
        await BeatAsync(await bench.GroupAsync("Silent", "A"), "A");
        bench.Pass(2 * OwnerBench.FailoverTimeout);
        var overridden = await bench.GroupAsync("NoPrimary", "A");
        await BeatAsync(overridden, "A");
        await overridden.ChangeAsync(new SetRoleOverride("A", RoleOverride.Secondary, null), default);
        await BeatAsync(await bench.GroupAsync("Unprotected", "A", "B"), "A");
        await BeatAsync(await bench.GroupAsync("Protected", "A", "B"), "A", "B");
        var handover = await bench.GroupAsync("Handover", "A", "B");
        await BeatAsync(handover, "A");
        await OwnerBench.BeatAsync(handover, "B", 50);
        await handover.ChangeAsync(new SetRoleOverride("B", RoleOverride.Primary, null), default);

        // The order is in force when it is stored; the session confirms with its next heartbeat.
        Assert.That(
            () => Later(bench, reading, Instruments.Groups),
            Is.EquivalentTo(new Dictionary<string, double>
            {
                ["state=empty"] = 1,
                ["state=silent"] = 1,
                ["state=no_primary"] = 1,
                ["state=unprotected"] = 1,
                ["state=protected"] = 1,
                ["state=handover"] = 1,
            }).After(60_000, 10));
        Assert.That(reading.ReadAll(Instruments.Overrides), Is.EquivalentTo(new Dictionary<string, double> { ["role=primary"] = 1, ["role=secondary"] = 1 }));
        Assert.That(reading.ReadAll(Instruments.Sessions), Is.EquivalentTo(new Dictionary<string, double>
        {
            ["state=live,role=primary"] = 3,
            ["state=live,role=secondary"] = 2,
            ["state=live,role=pending_primary"] = 1,
            ["state=lost,role=primary"] = 1,
            ["state=unheard,role=secondary"] = 1,
        }));
        Assert.That(reading.ReadAll(Instruments.GroupTerm), Is.Empty, "No group is shown by name unless the settings say so.");
    }

    [Test]
    public async Task Groups_DeletedOne_IsCountedNoMore()
    {
        using var bench = new OwnerBench();
        using var reading = Read(bench);
        var owner = await bench.GroupAsync("G");
        Assert.That(reading.ReadAll(Instruments.Groups), Is.EqualTo(new Dictionary<string, double> { ["state=empty"] = 1 }));

        await owner.ChangeAsync(new DeleteGroup(), default);

        Assert.That(Later(bench, reading, Instruments.Groups), Is.Empty);
    }

    [Test]
    public async Task GroupPrimary_MoreGroupsThanAreShown_TheFirstKeepTheirPlaces()
    {
        using var bench = new OwnerBench();
        using var reading = Read(bench, named: 2);
        await bench.GroupAsync("First");
        var second = await bench.GroupAsync("Second", "A");
        await BeatAsync(second, "A");
        var before = reading.ReadAll(Instruments.GroupPrimary);

        await BeatAsync(await bench.GroupAsync("Third", "A"), "A");
        var crowded = Later(bench, reading, Instruments.GroupPrimary);
        bench.Pass(2 * OwnerBench.FailoverTimeout);
        await second.ChangeAsync(new DeleteGroup(), default);
        await OwnerBench.BeatAsync(bench.Directory.Find(OwnerBench.Key("Third"))!, "A");
        var afterwards = Later(bench, reading, Instruments.GroupPrimary);
        await BeatAsync(await bench.GroupAsync("Second", "A"), "A");

        Assert.That(before, Is.EqualTo(new Dictionary<string, double> { [Named("Second")] = 1 }));
        Assert.That(crowded, Is.EqualTo(before));
        Assert.That(reading.Read(Instruments.GroupPrimary, Named("First")), Is.EqualTo(new[] { 0.0 }));
        Assert.That(afterwards, Is.Empty, "One that is deleted is shown no more, and makes room for no other.");
        Assert.That(Later(bench, reading, Instruments.GroupPrimary), Is.EqualTo(before), "It is the same when it is made anew.");
    }

    [Test]
    public async Task GroupPromotions_PrimaryAfterPrimary_AreCountedButNotTheFirst()
    {
        using var bench = new OwnerBench();
        using var reading = Read(bench, named: 1);
        var owner = await bench.GroupAsync("G", "A", "B");
        Assert.That(reading.Read(Instruments.GroupPromotions, Named("G")), Is.EqualTo(new[] { 0.0 }), "Of a series that begins with its first change nobody sees that one.");
        await BeatAsync(owner, "A", "B");
        Assert.That(Later(bench, reading, Instruments.GroupPromotions), Is.Empty, "The first Primary follows nobody.");

        // All between two collections.
        for (var i = 1; i <= 6; i++)
        {
            var (next, role) = (i % 2 == 0 ? "A" : "B", Role.Secondary);
            for (var beats = 0; role != Role.Primary && beats < 10; beats++)
            {
                bench.Pass(OwnerBench.FailoverTimeout / 2);
                role = (await OwnerBench.BeatAsync(owner, next)).Role;
            }

            Assert.That(role, Is.EqualTo(Role.Primary), "The other is silent.");
        }

        Assert.That(() => Later(bench, reading, Instruments.GroupPromotions), Is.EqualTo(new Dictionary<string, double> { [Named("G")] = 6 }).After(60_000, 10));
    }

    private static string Named(string group) => $"tenant=default,namespace=default,group={group}";

    private static MeterReading Read(OwnerBench bench, int named = 0)
    {
        var reading = new MeterReading();
        _ = new GroupMeter(reading.Meter, bench.Directory, new ServiceOptions { MetricsGroups = named }, bench.Time);
        return reading;
    }

    /// <summary>What the next collection shows.</summary>
    private static Dictionary<string, double> Later(OwnerBench bench, MeterReading reading, InstrumentInfo info)
    {
        bench.Time.Advance(TimeSpan.FromMilliseconds(500));
        return reading.ReadAll(info);
    }

    private static async Task BeatAsync(IGroupOwner owner, params string[] sessions)
    {
        foreach (var session in sessions)
        {
            await OwnerBench.BeatAsync(owner, session);
        }
    }
}
