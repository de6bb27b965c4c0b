using ClientFailover.Conformance.Running;
using NUnit.Framework;

namespace ClientFailover.Conformance.Limits;

/// <summary>One address has all the connections that it may have: of strangers, or of those who have logged on.</summary>
[Platform("Linux", Reason = "The attacker needs an address of its own.")]
internal sealed class AddressShareTests : OwnService
{
    private protected override string[] Settings => [.. RunningService.Quick, "--MaxConnectionsPerAddress", "5"];

    [Test]
    public async Task Connections_StrangersHaveAllOfAnAddress_AdaptersThereAreLetInAndStay()
    {
        var before = await Caller.RefusedAsync("connections_per_address");
        var strangers = new List<BareConnection>();
        for (var i = 0; i < 5; i++)
        {
            strangers.Add(await OpenGrpcAsync());
        }

        using var adapter = await BareConnection.OpenAsync(Service.Http, from: 10);
        await AskAsync(adapter);

        // The oldest gave way.
        await strangers[0].ReadToEndAsync();
        for (var i = 0; i < 10; i++)
        {
            strangers.Add(await OpenGrpcAsync());
            await AskAsync(adapter);
        }

        await Caller.UntilRefusedAsync("connections_per_address", before + 11);
        await MustBeServedAsync();
        strangers.ForEach(c => c.Dispose());
    }

    [Test]
    public async Task Connections_MoreThanAnAddressMayHave_AreClosedAndOthersServed()
    {
        var open = new List<BareConnection>();
        for (var i = 0; i < 5; i++)
        {
            open.Add(await BareConnection.OpenAsync(Service.Http, from: 11));
            await AskAsync(open[^1]);
        }

        using (var sixth = await BareConnection.OpenAsync(Service.Http, from: 11))
        {
            await sixth.SendAsync(Request());
            Assert.That(await sixth.ReadToEndAsync(), Is.Empty);
        }

        await MustBeServedAsync();
        open.ForEach(c => c.Dispose());
    }

    private string Request() => $"GET /api/v1/clientfailover HTTP/1.1\r\nHost: localhost\r\nAuthorization: {Service.User.Header}\r\n\r\n";

    private async Task AskAsync(BareConnection adapter)
    {
        await adapter.SendAsync(Request());
        Assert.That(await adapter.ReadUntilAsync("}"), Does.Contain("HTTP/1.1 200 "));
    }

    private async Task<BareConnection> OpenGrpcAsync()
    {
        var connection = await BareConnection.OpenAsync(Service.Grpc, from: 10);
        await connection.SendAsync(Http2Frames.Preface);
        Assert.That(await connection.ReadUntilAsync("\0"), Is.Not.Empty);
        return connection;
    }

    private async Task MustBeServedAsync()
    {
        using var response = await Caller.Rest.GetAsync("");
        Assert.That((int)response.StatusCode, Is.EqualTo(200));
    }
}
