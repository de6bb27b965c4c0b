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

    [Test]
    public void Enter_OneAddressHasItsShare_OthersStillComeIn()
    {
        var gate = new ConnectionGate(new ServiceOptions { MaxConnectionsPerAddress = 2 }, _time);
        var first = gate.Enter(Here, out _);
        gate.Enter(Here, out _);

        gate.Enter(Here, out var limit);
        Assert.That(limit, Is.EqualTo(LimitMeter.ConnectionsPerAddress));
        gate.Enter(There, out limit);
        Assert.That(limit, Is.Null);

        gate.Leave(first);
        gate.Enter(Here, out limit);
        Assert.That(limit, Is.Null, "Who leaves makes room.");
    }

    [Test]
    public void Enter_AllTogetherAreTooMany_NobodyComesIn()
    {
        var gate = new ConnectionGate(new ServiceOptions { MaxConnections = 1 }, _time);
        gate.Enter(Here, out _);

        gate.Enter(There, out var limit);

        Assert.That(limit, Is.EqualTo(LimitMeter.Connections));
    }

    [Test]
    public void Enter_AddressComesTooFast_WaitsForItsRate()
    {
        var gate = new ConnectionGate(new ServiceOptions { MaxNewConnectionsPerSecond = 1 }, _time);
        for (var i = 0; i < 20; i++)
        {
            gate.Leave(gate.Enter(Here, out _));
        }

        gate.Enter(Here, out var limit);
        Assert.That(limit, Is.EqualTo(LimitMeter.NewConnections));
        _time.Advance(TimeSpan.FromSeconds(1));
        gate.Enter(Here, out limit);
        Assert.That(limit, Is.Null);
    }

    [Test]
    public void Enter_AddressesOfOneNetworkOfIPv6_AreOneCaller()
    {
        var gate = new ConnectionGate(new ServiceOptions { MaxConnectionsPerAddress = 1 }, _time);
        gate.Enter(IPAddress.Parse("2001:db8::1"), out _);

        gate.Enter(IPAddress.Parse("2001:db8::2"), out var limit);

        Assert.That(limit, Is.EqualTo(LimitMeter.ConnectionsPerAddress));
    }

    [Test]
    public void Enter_LimitsAreOff_EverybodyComesIn()
    {
        var none = new ServiceOptions { MaxConnections = 0, MaxConnectionsPerAddress = 0, MaxNewConnectionsPerSecond = 0, MaxInputPerSecond = 0 };
        var gate = new ConnectionGate(none, _time);

        for (var i = 0; i < 30_000; i++)
        {
            Assert.That(gate.Enter(Here, out var limit).Input, Is.Null);
            Assert.That(limit, Is.Null);
        }
    }

    [Test]
    public void Enter_FromEverywhere_ForgetsWhoIsGone()
    {
        var gate = new ConnectionGate(new ServiceOptions(), _time);
        for (var i = 0; i < 3 * ConnectionGate.Sweep; i++)
        {
            gate.Leave(gate.Enter(new IPAddress(i + 1), out _));
            _time.Advance(TimeSpan.FromMilliseconds(20));
        }

        Assert.That(gate.Count, Is.LessThanOrEqualTo(ConnectionGate.Sweep));
    }
}
