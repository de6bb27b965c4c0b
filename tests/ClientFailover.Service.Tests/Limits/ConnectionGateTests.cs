using System.Net;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Limits;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Limits;

public sealed class ConnectionGateTests
{
    private static readonly IPAddress Here = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress There = IPAddress.Parse("192.0.2.2");

    private readonly FakeTimeProvider _time = new();
    private List<int> _aborted = null!;
    private int _entered;

    [SetUp]
    public void SetUp() => (_aborted, _entered) = ([], 0);

    [Test]
    public void Enter_OneAddressHasItsShare_OthersStillComeIn()
    {
        var gate = new ConnectionGate(new ServiceOptions { MaxConnectionsPerAddress = 2 }, _time);
        var first = Enter(gate, Here, out _);
        first!.Authenticated();
        Enter(gate, Here, out _)!.Authenticated();

        Assert.That(Enter(gate, Here, out var limit), Is.Null);
        Assert.That((limit, _aborted.Count), Is.EqualTo((LimitMeter.ConnectionsPerAddress, 0)));
        Enter(gate, There, out limit);
        Assert.That(limit, Is.Null);

        gate.Leave(first);
        Enter(gate, Here, out limit);
        Assert.That(limit, Is.Null, "Who leaves makes room.");
    }

    [Test]
    public void Enter_FullOfThoseWhoHaveLoggedOn_NobodyComesIn()
    {
        var gate = new ConnectionGate(new ServiceOptions { MaxConnections = 1, MaxNewConnectionsPerSecond = 1 }, _time);
        Enter(gate, Here, out _)!.Authenticated();

        for (var i = 0; i < 100; i++)
        {
            Assert.That((Enter(gate, There, out var limit), limit), Is.EqualTo(((ConnectionEntry?)null, LimitMeter.Connections)), "It is not said to come too fast, either.");
        }

        Assert.That(_aborted, Is.Empty);
    }

    [Test]
    public void Enter_Full_TheOldestOverWhichNobodyHasLoggedOnGivesWay()
    {
        var gate = new ConnectionGate(new ServiceOptions { MaxConnections = 3 }, _time);
        var entries = new[] { Enter(gate, Here, out _)!, Enter(gate, Here, out _)!, Enter(gate, Here, out _)! };
        entries[0].Authenticated();

        var newcomer = Enter(gate, There, out var limit);

        Assert.That((newcomer is not null, limit), Is.EqualTo((true, LimitMeter.Connections)));
        Assert.That(_aborted, Is.EqualTo(new[] { 1 }));
        Assert.That(entries[0].Budget.Connections, Is.EqualTo(2));

        // What was ended leaves in its time, and is not counted twice; a request that was on its way changes nothing.
        entries[1].Authenticated();
        gate.Leave(entries[1]);
        newcomer!.Authenticated();
        Assert.That(entries[0].Budget.Connections, Is.EqualTo(2));
        Enter(gate, There, out _)!.Authenticated();
        Assert.That(_aborted, Is.EqualTo(new[] { 1, 2 }));
        Assert.That(Enter(gate, There, out _), Is.Null);
    }

    [Test]
    public void Enter_AddressFullOfStrangers_ItsOldestGivesWayAndNobodyWhoHasLoggedOn()
    {
        var gate = new ConnectionGate(new ServiceOptions { MaxConnectionsPerAddress = 3 }, _time);
        Enter(gate, There, out _);
        var adapter = Enter(gate, Here, out _)!;
        adapter.Authenticated();
        for (var i = 0; i < 100; i++)
        {
            Assert.That(Enter(gate, Here, out _), Is.Not.Null);
        }

        var newcomer = Enter(gate, Here, out var limit)!;
        newcomer.Authenticated();

        Assert.That(limit, Is.EqualTo(LimitMeter.ConnectionsPerAddress));
        Assert.That(_aborted, Is.EqualTo(Enumerable.Range(2, 99)), "The oldest first; neither the adapter nor the other address.");
        Assert.That(adapter.Budget.Connections, Is.EqualTo(3));
    }

    [Test]
    public void Enter_AddressFullOfStrangersThatComesTooFast_PushesNobodyOut()
    {
        var gate = new ConnectionGate(new ServiceOptions { MaxConnectionsPerAddress = 20, MaxNewConnectionsPerSecond = 1 }, _time);
        for (var i = 0; i < 20; i++)
        {
            Enter(gate, Here, out _);
        }

        Assert.That(Enter(gate, Here, out var limit), Is.Null);
        Assert.That((limit, _aborted.Count), Is.EqualTo((LimitMeter.NewConnections, 0)));
    }

    [Test]
    public void Enter_AddressThatHasItsShare_PushesNobodyElseOut()
    {
        var gate = new ConnectionGate(new ServiceOptions { MaxConnections = 2, MaxConnectionsPerAddress = 1 }, _time);
        Enter(gate, Here, out _);
        Enter(gate, There, out _);

        Enter(gate, There, out var limit);

        Assert.That(limit, Is.EqualTo(LimitMeter.ConnectionsPerAddress));
        Assert.That(_aborted, Is.EqualTo(new[] { 1 }));
    }

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

    [Test]
    public void Enter_AddressComesTooFast_WaitsForItsRate()
    {
        var gate = new ConnectionGate(new ServiceOptions { MaxNewConnectionsPerSecond = 1 }, _time);
        for (var i = 0; i < 20; i++)
        {
            gate.Leave(Enter(gate, Here, out _)!);
        }

        Enter(gate, Here, out var limit);
        Assert.That(limit, Is.EqualTo(LimitMeter.NewConnections));
        _time.Advance(TimeSpan.FromSeconds(1));
        Enter(gate, Here, out limit);
        Assert.That(limit, Is.Null);
    }

    [Test]
    public void Enter_AddressesOfOneNetworkOfIPv6_AreOneCaller()
    {
        var gate = new ConnectionGate(new ServiceOptions { MaxConnectionsPerAddress = 1 }, _time);
        Enter(gate, IPAddress.Parse("2001:db8::1"), out _);

        Enter(gate, IPAddress.Parse("2001:db8::2"), out var limit);

        Assert.That(limit, Is.EqualTo(LimitMeter.ConnectionsPerAddress));
    }

    [Test]
    public void Enter_LimitsAreOff_EverybodyComesIn()
    {
        var none = new ServiceOptions { MaxConnections = 0, MaxConnectionsPerAddress = 0, MaxNewConnectionsPerSecond = 0, MaxInputPerSecond = 0 };
        var gate = new ConnectionGate(none, _time);

        for (var i = 0; i < 30_000; i++)
        {
            Assert.That(Enter(gate, Here, out var limit)!.Budget.Input, Is.Null);
            Assert.That(limit, Is.Null);
        }
    }

    [Test]
    public void Enter_FromEverywhere_ForgetsWhoIsGone()
    {
        var gate = new ConnectionGate(new ServiceOptions(), _time);
        for (var i = 0; i < 3 * ConnectionGate.Sweep; i++)
        {
            gate.Leave(Enter(gate, new IPAddress(i + 1), out _)!);
            _time.Advance(TimeSpan.FromMilliseconds(20));
        }

        Assert.That(gate.Count, Is.LessThanOrEqualTo(ConnectionGate.Sweep));
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

    private ConnectionEntry? Enter(ConnectionGate gate, IPAddress address, out string? limit)
    {
        var number = _entered++;
        return gate.Enter(address, () => _aborted.Add(number), out limit);
    }
}
