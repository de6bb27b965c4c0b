using System.Net;
using System.Net.Sockets;
using ClientFailover.Service.Hosting;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Hosting;

public sealed class LocalProbeTests
{
    [TestCase("0.0.0.0", "https://127.0.0.1:5590/healthz/live")]
    [TestCase("10.1.2.3", "https://10.1.2.3:5590/healthz/live")]
    [TestCase("::", "https://[::1]:5590/healthz/live")]
    [TestCase("fe80::1", "https://[fe80::1]:5590/healthz/live")]
    public void AddressOf_Address_IsReachedOnThisMachine(string address, string expected) =>
        Assert.That(LocalProbe.AddressOf(new ServiceOptions { Address = address, Port = 5590 }).AbsoluteUri, Is.EqualTo(expected));

    [Test]
    public void Ask_NobodyListens_TellsWhy()
    {
        // Bound and not listening: nobody else can be given the port meanwhile.
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)socket.LocalEndPoint!).Port;

        Assert.That(LocalProbe.Ask(LocalProbe.AddressOf(new ServiceOptions { Address = "0.0.0.0", Port = port })), Is.Not.Empty);
    }
}
