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

    // A call that hangs must leave time to try again before the session counts as lost: at 2 s, that is 2.25 s after the heartbeat before, which
    // was sent one second before the one that hangs. A service that has just started may take long for its first answer.
    [TestCase(120, false, 30)]
    [TestCase(20, false, 5)]
    [TestCase(2, false, 2)]
    [TestCase(0.4, false, 2)]
    [TestCase(120, true, 30)]
    [TestCase(20, true, 5)]
    [TestCase(3, true, 0.75)]
    [TestCase(2, true, 0.75)]
    [TestCase(1.6, true, 0.6)]
    [TestCase(0.4, true, 0.5)]
    public async Task Beat_Hangs_GivenUpSoonIfTheServiceHasAnsweredBefore(double timeout, bool wasAnswered, double patience)
    {
        var time = new FakeTimeProvider();
        var failoverTimeout = TimeSpan.FromSeconds(timeout);
        var request = new JoinRequest("G", failoverTimeout, failoverTimeout, "s", "s", FailoverMode.Hot, OnServiceLost.KeepRole, false, null);
        using var api = new RestApi(new Hanging(wasAnswered ? 1 : 0), new Endpoint(new Uri("https://failover.example/api")), request, time);
        if (wasAnswered)
        {
            await api.BeatAsync(new Beat(1, new AdapterReport(100, null), default), CancellationToken.None);
        }

        var beat = api.BeatAsync(new Beat(1, new AdapterReport(100, null), default), CancellationToken.None);

        time.Advance(TimeSpan.FromSeconds(patience) - TimeSpan.FromMilliseconds(1));
        Assert.That(beat.IsCompleted, Is.False);
        time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.That(async () => await beat.Soon(), Throws.InstanceOf<LinkException>());
    }

    private sealed class Hanging(int answers) : HttpMessageHandler
    {
        private int _left = answers;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (_left-- > 0)
            {
                return new HttpResponseMessage { Content = new StringContent("""{"Role":1}""") };
            }

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
