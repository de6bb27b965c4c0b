using System.Net;
using System.Net.Http.Headers;
using ClientFailover.Conformance.Running;
using ClientFailover.Conformance.Streams;
using Grpc.Core;
using NUnit.Framework;

namespace ClientFailover.Conformance.Identity;

/// <summary>Kerberos, with MIT's centre, kinit and curl. gRPC proper is HTTP/2, where the scheme does not exist: there is gRPC-Web.</summary>
[Platform(Include = "Linux")]
internal sealed class NegotiateTests
{
    private DataFolder _folder = null!;
    private KerberosRealm _realm = null!;
    private RunningService _service = null!;
    private string? _configuration;

    private string Base => $"https://localhost:{_service.Tls.Port}/api/v1/clientfailover";

    private string Certificate => Directory.EnumerateFiles(Path.Combine(_service.DataDirectory, "Certificates"), "*.crt").Single();

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _folder = DataFolder.Create();
        _realm = await KerberosRealm.StartAsync("adapter", "operator", "nobody");

        // Processes that are started inherit it.
        _configuration = Environment.GetEnvironmentVariable("KRB5_CONFIG");
        Environment.SetEnvironmentVariable("KRB5_CONFIG", _realm.Configuration);
        _service = await RunningService.StartAsync(
            _folder.Path,
            [
                .. RunningService.Quick,
                "--AuthenticationSchemes", "Basic,Negotiate",
                "--NegotiateKeytab", _realm.Keytab,
                "--NegotiateUsers", $"adapter@{KerberosRealm.Name}",
                "--NegotiateAdministrators", $"operator@{KerberosRealm.Name}",
            ]);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        Environment.SetEnvironmentVariable("KRB5_CONFIG", _configuration);
        if (_service is not null)
        {
            await _service.DisposeAsync();
        }

        if (_realm is not null)
        {
            await _realm.DisposeAsync();
        }

        _folder.Dispose();
    }

    [TestCase("adapter", "200 403")]
    [TestCase("operator", "200 404")]
    [TestCase("nobody", "403 403")]
    public async Task Curl_WithATicket_MayWhatItsRoleMay(string principal, string statuses)
    {
        var tickets = await _realm.LogOnAsync(principal);

        var read = await CurlAsync(tickets, $"{Base}/groups");
        var deleted = await CurlAsync(tickets, "-X", "DELETE", $"{Base}/groups/nothing");

        Assert.That($"{read} {deleted}", Is.EqualTo(statuses));
    }

    [Test]
    public async Task Curl_WithoutATicket_IsToldTheSchemes()
    {
        var headers = await _realm.CurlAsync(null, "--http1.1", "--cacert", Certificate, "--negotiate", "-u", ":", "-D", "-", "-o", "/dev/null", $"{Base}/groups");

        Assert.That(headers, Does.Contain(" 401 ").And.Contain("WWW-Authenticate: Basic realm=").And.Contain("WWW-Authenticate: Negotiate\r\n"));
    }

    [Test]
    public async Task Curl_SecondRequestOnTheConnection_NeedsNoSecondLogon()
    {
        var tickets = await _realm.LogOnAsync("adapter");

        var trace = await _realm.CurlAsync(
            tickets, "--http1.1", "--cacert", Certificate, "--negotiate", "-u", ":", "-v", "-o", "/dev/null", "-o", "/dev/null", $"{Base}/groups", $"{Base}/groups");

        Assert.That(trace.Split("< HTTP/1.1 200").Length - 1, Is.EqualTo(2), trace);
        Assert.That(trace.Split("> Authorization: Negotiate").Length - 1, Is.EqualTo(1), trace);
    }

    [Test]
    public async Task Curl_GrpcWebCall_IsTaken()
    {
        var tickets = await _realm.LogOnAsync("adapter");
        var message = _folder.File("message");

        // An empty message: a frame of no bytes.
        await File.WriteAllBytesAsync(message, new byte[5]);
        var headers = await _realm.CurlAsync(
            tickets, "--http1.1", "--cacert", Certificate, "--negotiate", "-u", ":", "-D", "-", "-o", _folder.File("answer"),
            "-H", "Content-Type: application/grpc-web", "--data-binary", "@" + message,
            $"https://localhost:{_service.Tls.Port}/clientfailover.v1.GroupService/ListGroups");

        Assert.That(headers, Does.Contain(" 200 "));
        Assert.That(headers, Does.Not.Contain("grpc-status: 16"));
        Assert.That(await File.ReadAllTextAsync(_folder.File("answer")), Does.Contain("grpc-status: 0"));
    }

    [TestCase("AAAA")]
    [TestCase("***")]
    [TestCase("")]
    [TestCase("TlRMTVNTUAABAAAAl4II4gAAAAAAAAAAAAAAAAAAAAAKAGFKAAAADw==")]
    public async Task Request_Garbage_IsUnauthenticated(string token)
    {
        using var caller = new Caller(_service, new AuthenticationHeaderValue("Negotiate", token.Length == 0 ? null : token));

        using var rest = await caller.Rest.GetAsync("groups");
        using var stream = AdapterStream.Open(caller);

        Assert.That(rest.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(rest.Headers.WwwAuthenticate.Select(h => h.Scheme), Is.EqualTo(new[] { "Basic", "Negotiate" }));
        Refusals.Of(caller.StatusAsync("g")).MustBe(StatusCode.Unauthenticated, "UNAUTHENTICATED");
        (await stream.EndAsync()).MustBe(StatusCode.Unauthenticated, "UNAUTHENTICATED");
    }

    private Task<string> CurlAsync(string tickets, params string[] arguments) => _realm.CurlAsync(
        tickets, ["--http1.1", "--cacert", Certificate, "--negotiate", "-u", ":", "-o", "/dev/null", "-w", "%{http_code}", .. arguments]);
}
