using ClientFailover.Engine;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Tenants;
using ClientFailover.Service.Tests.Groups;
using ClientFailover.Service.Transport;
using ClientFailover.Service.Transport.Adapters;
using Microsoft.Extensions.Options;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Transport.Adapters;

public sealed class BrokenLinksTests
{
    [TestCase(9, 0, false, Description = "Too few to tell")]
    [TestCase(10, 10, false, Description = "Half is not more than half")]
    [TestCase(10, 9, true)]
    [TestCase(12, 0, true)]
    public async Task Broke_ManyWithinTheGrace_WithdrawsTheHints(int breaks, int stillOpen, bool forgiven)
    {
        using var bench = new OwnerBench();
        var broken = new BrokenLinks(Options.Create(new TransportOptions()), bench.Time);
        var owner = await bench.GroupAsync("G", [.. Enumerable.Range(0, breaks).Select(i => $"S{i}")]);
        var links = Enumerable.Range(0, breaks).Select(i => new RecordingLink()).ToList();
        for (var i = 0; i < breaks; i++)
        {
            owner.OpenLink($"S{i}", links[i], default);
            owner.HeartbeatOnLink($"S{i}", links[i], new(100, null, null));
        }

        Assert.That(() => owner.ReadStatus()!.Primary, Is.EqualTo("S0").After(60_000, 1));
        for (var i = 0; i < breaks; i++)
        {
            owner.CloseLink($"S{i}", links[i], brokenByPeer: true);
            var left = breaks - 1 - i + stillOpen;
            broken.Broke(owner, $"S{i}", left, _ => left);
        }

        bench.Pass(TimeSpan.FromSeconds(2));

        bench.Store.Answer();
        var lost = bench.Store.Taken.SelectMany(w => w.Events).OfType<SessionLost>().Count();
        Assert.That(lost, Is.EqualTo(forgiven ? 0 : breaks));
    }

    [Test]
    public async Task Broke_ManyOfAnotherNamespace_DoNotExcuseTheLostAdapterOfThisOne()
    {
        using var bench = new OwnerBench();
        await bench.Tenants.CreateAsync(new TenantRecord("flood", null, null), default);
        await bench.Tenants.CreateAsync(new NamespaceRecord("flood", "n", null, null, NamespaceLimits.AsSetUp), default);
        var broken = new BrokenLinks(Options.Create(new TransportOptions()), bench.Time);
        var (owner, lost) = await LoseAsync(bench, "G", "S0", "S1");
        var flood = bench.Directory.FindOrAdd(new GroupKey("flood", "n", "F"));

        for (var i = 0; i < 50; i++)
        {
            broken.Broke(flood, $"F{i}", 2, key => key.Tenant == "flood" ? 0 : 2);
        }

        broken.Broke(owner, "S0", 1, key => key.Tenant == "flood" ? 0 : 1);
        bench.Pass(TimeSpan.FromSeconds(2));

        Assert.That(lost(), Is.EqualTo(1));
    }

    [Test]
    public async Task Broke_OneSessionAgainAndAgain_IsOneBreak()
    {
        using var bench = new OwnerBench();
        var broken = new BrokenLinks(Options.Create(new TransportOptions()), bench.Time);
        var (owner, lost) = await LoseAsync(bench, "G", "S0", "S1");
        for (var i = 0; i < 50; i++)
        {
            broken.Broke(owner, i % 2 == 0 ? "again" : "AGAIN", 2, _ => 2);
        }

        broken.Broke(owner, "S0", 1, _ => 1);
        bench.Pass(TimeSpan.FromSeconds(2));

        Assert.That(lost(), Is.EqualTo(1));
    }

    [Test]
    public async Task Broke_TheWholeNetwork_ExcusesWhatBrokeFirstInASmallNamespaceToo()
    {
        using var bench = new OwnerBench();
        var broken = new BrokenLinks(Options.Create(new TransportOptions()), bench.Time);
        await bench.Tenants.CreateAsync(new TenantRecord("big", null, null), default);
        await bench.Tenants.CreateAsync(new NamespaceRecord("big", "n", null, null, NamespaceLimits.AsSetUp), default);
        var (owner, lost) = await LoseAsync(bench, "G", "S0", "S1");
        var big = bench.Directory.FindOrAdd(new GroupKey("big", "n", "B"));

        broken.Broke(owner, "S0", 20, key => key.Tenant == "big" ? 20 : 0);
        for (var i = 0; i < 20; i++)
        {
            var left = 19 - i;
            broken.Broke(big, $"B{i}", left, key => key.Tenant == "big" ? left : 0);
        }

        bench.Pass(TimeSpan.FromSeconds(2));

        Assert.That(lost(), Is.Zero);
    }

    /// <summary>A group whose Primary's stream has broken, of which nobody has judged yet why.</summary>
    private static async Task<(IGroupOwner Owner, Func<int> Lost)> LoseAsync(OwnerBench bench, string group, params string[] sessions)
    {
        var owner = await bench.GroupAsync(group, sessions);
        var links = sessions.Select(_ => new RecordingLink()).ToList();
        for (var i = 0; i < sessions.Length; i++)
        {
            owner.OpenLink(sessions[i], links[i], default);
            owner.HeartbeatOnLink(sessions[i], links[i], new(100, null, null));
        }

        Assert.That(() => owner.ReadStatus()!.Primary, Is.EqualTo(sessions[0]).After(60_000, 1));
        owner.CloseLink(sessions[0], links[0], brokenByPeer: true);
        return (owner, Lost);

        int Lost()
        {
            bench.Store.Answer();
            return bench.Store.Taken.SelectMany(w => w.Events).OfType<SessionLost>().Count();
        }
    }
}
