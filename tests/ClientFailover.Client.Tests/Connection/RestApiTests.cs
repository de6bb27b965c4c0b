using System.Net.Sockets;
using ClientFailover.Client.Connection;
using ClientFailover.Client.Connection.Rest;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Client.Tests.Connection;

/// <summary>Calls that are not answered.</summary>
[TestFixture]
public sealed class RestApiTests
{
    private static readonly Exception[] Failures =
    [
        new HttpRequestException("refused", new SocketException((int)SocketError.ConnectionRefused)),
        new SocketException((int)SocketError.ConnectionReset),
    ];

    [TestCaseSource(nameof(Failures))]
    public void Beat_NoAnswer_Unreachable(Exception failure)
    {
        var timeout = TimeSpan.FromSeconds(60);
        var request = new JoinRequest("G", timeout, timeout, "s", "s", FailoverMode.Hot, OnServiceLost.KeepRole, false, null);
        using var api = new RestApi(new Broken(failure), new Endpoint(new Uri("https://failover.example/api")), request, new FakeTimeProvider());

        var thrown = Assert.ThrowsAsync<LinkException>(() => api.BeatAsync(new Beat(1, new AdapterReport(100, null), default), CancellationToken.None))!;

        Assert.That(thrown.Failure, Is.EqualTo(LinkFailure.Unreachable));
        Assert.That(thrown.Message, Does.Contain("failover.example").And.Contain(failure.Message));
        Assert.That(thrown.InnerException, Is.SameAs(failure));
    }

    private sealed class Broken(Exception failure) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromException<HttpResponseMessage>(failure);
    }
}
