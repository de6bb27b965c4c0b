using ClientFailover.Engine;
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
            broken.Broke(owner, $"S{i}", breaks - 1 - i + stillOpen);
        }

        bench.Pass(TimeSpan.FromSeconds(2));

        bench.Store.Answer();
        var lost = bench.Store.Taken.SelectMany(w => w.Events).OfType<SessionLost>().Count();
        Assert.That(lost, Is.EqualTo(forgiven ? 0 : breaks));
    }
}
