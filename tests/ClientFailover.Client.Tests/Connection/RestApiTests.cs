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

    // A call that hangs must leave time to try again before the session counts as lost.
    [TestCase(120, 30)]
    [TestCase(20, 5)]
    [TestCase(2, 2)]
    [TestCase(0.4, 2)]
    public async Task Beat_Hangs_GivenUpAfterAQuarterOfTheTimeout(double timeout, double patience)
    {
        var time = new FakeTimeProvider();
        var failoverTimeout = TimeSpan.FromSeconds(timeout);
        var request = new JoinRequest("G", failoverTimeout, failoverTimeout, "s", "s", FailoverMode.Hot, OnServiceLost.KeepRole, false, null);
        using var api = new RestApi(new Hanging(), new Endpoint(new Uri("https://failover.example/api")), request, time);
        var beat = api.BeatAsync(new Beat(1, new AdapterReport(100, null), default), CancellationToken.None);

        time.Advance(TimeSpan.FromSeconds(patience) - TimeSpan.FromMilliseconds(1));
        Assert.That(beat.IsCompleted, Is.False);
        time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.That(async () => await beat.Soon(), Throws.InstanceOf<LinkException>());
    }

    private sealed class Hanging : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            throw new InvalidOperationException("It never ends.");
        }
    }

    private sealed class Broken(Exception failure) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromException<HttpResponseMessage>(failure);
    }
}
