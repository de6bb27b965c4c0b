using ClientFailover.Service.Hosting;
using ClientFailover.Service.Limits;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Limits;

/// <content>Connections over which somebody logs on.</content>
public sealed partial class ConnectionGateTests
{
    [Test]
    public void Enter_FleetThatLogsOn_DoesNotComeTooFast()
    {
        var gate = new ConnectionGate(new ServiceOptions { MaxNewConnectionsPerSecond = 1, MaxConnectionsPerAddress = 0 }, _time);
        for (var i = 0; i < 500; i++)
        {
            var entry = Enter(gate, Here, out var limit);
            Assert.That(limit, Is.Null);
            entry!.Authenticated();
            entry.Authenticated();
        }

        for (var i = 0; i < 20; i++)
        {
            Assert.That(Enter(gate, Here, out _), Is.Not.Null);
        }

        Assert.That(Enter(gate, Here, out _), Is.Null, "Each gave one back, no more.");
    }

    [Test]
    public void Enter_LogsOnAndLeavesForEver_ComesTooFastInTheEnd()
    {
        var gate = new ConnectionGate(new ServiceOptions { MaxNewConnectionsPerSecond = 10, MaxConnectionsPerAddress = 500 }, _time);
        Assert.That(Visits(gate, 3000), Is.EqualTo(200 + 500).Within(2), "Twenty seconds' worth, and a fleet.");
        Enter(gate, Here, out var limit);
        Assert.That(limit, Is.EqualTo(LimitMeter.NewConnections));

        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.That(Visits(gate, 3000), Is.EqualTo(2 * 10 * 5).Within(2), "Adapters that connect for each heartbeat have twice the rate.");
        Assert.That(Enter(gate, There, out _), Is.Not.Null);
    }

    [Test]
    public void Enter_LogsOnAndStays_NeverComesTooFast()
    {
        var gate = new ConnectionGate(new ServiceOptions { MaxNewConnectionsPerSecond = 1, MaxConnectionsPerAddress = 5 }, _time);
        for (var i = 0; i < 3000; i++)
        {
            Assert.That(Visits(gate, 1, stay: TimeSpan.FromHours(1)), Is.EqualTo(1));
        }
    }

    [Test]
    public void Enter_LogsOnFillsItsAddressAndStartsAgain_ComesTooFastInTheEnd()
    {
        var gate = new ConnectionGate(new ServiceOptions { MaxNewConnectionsPerSecond = 1, MaxConnectionsPerAddress = 100 }, _time);
        var visits = 0;
        for (var round = 0; round < 10; round++)
        {
            var open = new List<ConnectionEntry>();
            while (open.Count < 100 && Enter(gate, Here, out _) is { } entry)
            {
                entry.Authenticated();
                open.Add(entry);
            }

            visits += open.Count;
            open.ForEach(gate.Leave);
        }

        Assert.That(visits, Is.LessThanOrEqualTo(20 + 100 + 100), "All that are open when too many have been there; not a thousand.");
    }

    [TestCase(0, 2)]
    [TestCase(60, 10)]
    public void Enter_FleetLosesItsNetworkAgain_ComesBackAtOnce(int afterSeconds, int times)
    {
        var gate = new ConnectionGate(new ServiceOptions { MaxNewConnectionsPerSecond = 1, MaxConnectionsPerAddress = 500 }, _time);
        for (var time = 0; time < times; time++)
        {
            var fleet = new List<ConnectionEntry>();
            for (var i = 0; i < 500; i++)
            {
                fleet.Add(Enter(gate, Here, out _)!);
                Assert.That(fleet[^1], Is.Not.Null);
                fleet[^1].Authenticated();
            }

            _time.Advance(TimeSpan.FromSeconds(afterSeconds));
            fleet.ForEach(gate.Leave);
        }
    }

    private int Visits(ConnectionGate gate, int times, TimeSpan stay = default)
    {
        var visits = 0;
        for (; visits < times && Enter(gate, Here, out _) is { } entry; visits++)
        {
            entry.Authenticated();
            _time.Advance(stay);
            gate.Leave(entry);
        }

        return visits;
    }
}
