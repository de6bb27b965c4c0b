using ClientFailover.Conformance.Running;
using NUnit.Framework;

namespace ClientFailover.Conformance.Limits;

/// <summary>Somebody at one address opens connections, and does nothing good with them: the others do not notice.</summary>
[Platform("Linux", Reason = "The attacker needs an address of its own.")]
internal sealed class ConnectionLimitTests : OwnService
{
    private protected override string[] Settings =>
    [
        .. RunningService.Quick, "--MaxNewConnectionsPerSecond", "2", "--RequestHeadersTimeout", "00:00:01", "--IdleConnectionTimeout", "00:00:01",
    ];

    [Test]
    public async Task Connections_FasterThanAnAddressMayOpenThem_AreClosed()
    {
        var answered = 0;
        for (var i = 0; i < 60; i++)
        {
            using var connection = await BareConnection.OpenAsync(Service.Http, from: 11);
            await connection.SendAsync("GET /healthz/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            answered += (await connection.ReadToEndAsync()).StartsWith("HTTP/1.1 200", StringComparison.Ordinal) ? 1 : 0;
        }

        // Forty at once, and two for each second that the sixty took.
        Assert.That(answered, Is.GreaterThanOrEqualTo(40).And.LessThan(60));
        await Caller.UntilRefusedAsync("new_connections", 1);
        await MustBeServedAsync();
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Connection_NothingComes_IsClosed(bool tls)
    {
        using var connection = await BareConnection.OpenAsync(tls ? Service.Tls : Service.Http, from: 12);

        Assert.That(await connection.ReadToEndAsync(), Is.Empty);
        await MustBeServedAsync();
    }

    [Test]
    public async Task Headers_ComeDropByDrop_IsClosed()
    {
        using var connection = await BareConnection.OpenAsync(Service.Http, from: 13);
        await connection.SendAsync("GET /api/v1/clientfailover HTTP/1.1\r\nHost: loc");

        Assert.That(await connection.ReadToEndAsync(), Is.Empty.Or.StartsWith("HTTP/1.1 408"));
    }

    [Test]
    public async Task Headers_TooMany_AreRefused()
    {
        using var connection = await BareConnection.OpenAsync(Service.Http, from: 14);
        var headers = string.Concat(Enumerable.Range(0, 101).Select(i => $"X-{i}: 1\r\n"));
        await connection.SendAsync($"GET /healthz/live HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n");

        Assert.That(await connection.ReadToEndAsync(), Does.StartWith("HTTP/1.1 431 "));
    }

    private async Task MustBeServedAsync()
    {
        using var response = await Caller.Rest.GetAsync("");
        Assert.That((int)response.StatusCode, Is.EqualTo(200));
    }
}
