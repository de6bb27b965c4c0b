using System.Net;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Limits;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Limits;

public sealed partial class ConnectionGateTests
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

    private ConnectionEntry? Enter(ConnectionGate gate, IPAddress address, out string? limit)
    {
        var number = _entered++;
        return gate.Enter(address, () => _aborted.Add(number), out limit);
    }
}
