using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ClientFailover.Conformance.Running;
using NUnit.Framework;

namespace ClientFailover.Conformance.Limits;

/// <summary>Requests that are reset while it is not yet known who makes them: the identity provider does not answer.</summary>
[Platform("Linux", Reason = "The attacker needs an address of its own.")]
internal sealed class WaitingRequestTests : OwnService
{
    private readonly TcpListener _provider = Listen();

    private protected override string[] Settings =>
    [
        .. RunningService.Quick,
        "--MaxStreamResetsPerSecond", "10",
        "--AuthenticationSchemes", "Basic,Bearer",
        "--BearerAuthority", string.Create(CultureInfo.InvariantCulture, $"http://{_provider.LocalEndpoint}"),
        "--BearerRequireHttps", "false",
        "--BearerAudience", "nobody",
    ];

    [OneTimeTearDown]
    public void StopListening() => _provider.Dispose();

    [TestCase("GET", "/api/v1/clientfailover")]
    [TestCase("POST", "/clientfailover.v1.GroupService/ListGroups")]
    [TestCase("POST", "/clientfailover.v1.AdapterService/Connect")]
    public async Task Requests_ResetBeforeTheyAreAuthenticated_TheConnectionIsCut(string method, string path)
    {
        var before = await Caller.RefusedAsync("resets");
        using var attacker = await BareConnection.OpenAsync(Service.Grpc, from: 40);
        await attacker.SendAsync(Http2Frames.Preface);

        // A hundred at once may be reset, and ten a second. So few are not refused for their number.
        await attacker.SendAsync(Http2Frames.RapidResets(1, 150, method, path, ("content-type", "application/grpc"), ("authorization", "Bearer x.y.z")));

        await attacker.ReadToEndAsync();
        await Caller.UntilRefusedAsync("resets", before + 1);
        using var response = await Caller.Rest.GetAsync("");
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }
}
