using System.Net;
using System.Security.Cryptography.X509Certificates;
using ClientFailover.Client;
using ClientFailover.Conformance.Client;
using ClientFailover.Conformance.Running;
using ClientFailover.Conformance.Streams;
using Grpc.Core;
using NUnit.Framework;

namespace ClientFailover.Conformance.Identity;

/// <summary>Client certificates that openssl made, over everything that the service speaks.</summary>
internal sealed class CertificateTests
{
    private DataFolder _folder = null!;
    private CertificateAuthority _authority = null!;
    private RunningService _service = null!;

    private string List => _folder.File("revoked.crl");

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _folder = DataFolder.Create();
        _authority = await CertificateAuthority.CreateAsync(_folder.File("ca"));
        await _authority.WriteListAsync(List);
        _service = await RunningService.StartAsync(_folder.File("data"), [.. RunningService.Quick, .. Settings(_authority, List)]);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_service is not null)
        {
            await _service.DisposeAsync();
        }

        _folder.Dispose();
    }

    [TestCase("x", "DNS:adapter.plant.example")]
    [TestCase("x", "DNS:other.example,DNS:ADAPTER.plant.example")]
    [TestCase("x", "email:adapter@plant.example")]
    [TestCase("x", "URI:spiffe://plant.example/adapter")]
    [TestCase("by subject", null)]
    public async Task Certificate_OfAUser_IsTakenOverRestGrpcAndStream(string subject, string? names)
    {
        using var certificate = CertificateAuthority.Load(await _authority.IssueAsync(subject, names));
        using var caller = new Caller(_service, certificate);
        var group = CallerActions.NewId();

        using var stream = await AdapterStream.JoinAsPrimaryAsync(caller, group, "a");
        using var rest = await caller.Rest.GetAsync($"groups/{group}");
        using var refused = await caller.Rest.DeleteAsync(new Uri($"groups/{group}", UriKind.Relative));

        Assert.That((rest.StatusCode, refused.StatusCode), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.Forbidden)));
        Assert.That((await caller.StatusAsync(group)).Primary, Is.EqualTo("a"));
    }

    [Test]
    public async Task Certificate_OfAnAdministratorByItsDomain_MayDelete()
    {
        using var certificate = CertificateAuthority.Load(await _authority.IssueAsync("x", "DNS:desk1.operators.example"));
        using var caller = new Caller(_service, certificate);
        var group = CallerActions.NewId();
        await caller.CreateGroupAsync(group);

        using var done = await caller.Rest.DeleteAsync(new Uri($"groups/{group}", UriKind.Relative));

        Assert.That(done.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
    }

    [TestCase("DNS:nobody.example")]
    [TestCase("DNS:operators.example")]
    [TestCase("DNS:a.b.operators.example")]
    [TestCase("DNS:*.operators.example")]
    [TestCase("URI:adapter.plant.example")]
    public async Task Certificate_NotMapped_IsForbiddenEverywhere(string names)
    {
        using var certificate = CertificateAuthority.Load(await _authority.IssueAsync("x", names));

        await RefusedAsync(certificate, HttpStatusCode.Forbidden, StatusCode.PermissionDenied, "ROLE_MISSING");
    }

    [TestCase("expired")]
    [TestCase("for servers")]
    [TestCase("of another issuer")]
    [TestCase("of another issuer by the same name")]
    public async Task Certificate_NotValid_IsRefusedEverywhere(string how)
    {
        const string names = "DNS:adapter.plant.example";
        var path = how switch
        {
            "expired" => await _authority.IssueAsync("x", names, hasExpired: true),
            "for servers" => await _authority.IssueAsync("x", names, CertificateAuthority.ForServers),
            "of another issuer" => await (await CertificateAuthority.CreateAsync(_folder.File("other"), "Other CA")).IssueAsync("x", names),
            _ => await (await CertificateAuthority.CreateAsync(_folder.File("same"))).IssueAsync("x", names),
        };
        using var certificate = CertificateAuthority.Load(path);

        await RefusedAsync(certificate, HttpStatusCode.Unauthorized, StatusCode.Unauthenticated, "UNAUTHENTICATED");
    }

    [Test]
    public async Task Certificate_NotValidBesideAPassword_ThePasswordCounts()
    {
        using var certificate = CertificateAuthority.Load(await _authority.IssueAsync("x", hasExpired: true));
        using var good = new Caller(_service, certificate, _service.User.Header);
        using var both = CertificateAuthority.Load(await _authority.IssueAsync("x", "DNS:adapter.plant.example"));
        using var bad = new Caller(_service, both, new Account("nobody", "x", "").Header);

        using var taken = await good.Rest.GetAsync("groups");
        using var refused = await bad.Rest.GetAsync("groups");

        Assert.That(taken.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized), "Whoever says who he is is not somebody else when that is wrong.");
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Certificate_RevokedWhileTheServiceRuns_ItsStreamEndsAndOthersGoOn(bool isBinary)
    {
        var path = await _authority.IssueAsync("x", "DNS:adapter.plant.example");
        using var certificate = CertificateAuthority.Load(path);
        using var another = CertificateAuthority.Load(await _authority.IssueAsync("x", "DNS:adapter.plant.example"));
        using var caller = new Caller(_service, certificate);
        using var other = new Caller(_service, another);
        using var stream = await AdapterStream.JoinAsPrimaryAsync(caller, CallerActions.NewId(), "a");

        await _authority.RevokeAsync(path);
        await _authority.WriteListAsync(List, isBinary: isBinary);
        var end = await stream.EndAsync();

        end.MustBe(StatusCode.Unauthenticated, "CREDENTIAL_ENDED");
        await RefusedAsync(certificate, HttpStatusCode.Unauthorized, StatusCode.Unauthenticated, "UNAUTHENTICATED");
        using var open = await caller.Rest.GetAsync("groups");
        using var taken = await other.Rest.GetAsync("groups");
        Assert.That((open.StatusCode, taken.StatusCode), Is.EqualTo((HttpStatusCode.Unauthorized, HttpStatusCode.OK)));
    }

    [Test]
    public async Task Adapter_OnTheLibraryWithACertificate_IsPrimary()
    {
        var path = await _authority.IssueAsync("x", "DNS:adapter.plant.example");
        await using var adapter = new Adapter(_service, CallerActions.NewId(), "a", FailoverTransport.Stream, o =>
        {
            (o.UserName, o.Password) = (null, null);
            (o.ClientCertificateFile, o.ClientCertificateKeyFile) = (path + ".crt", path + ".key");
        });

        await adapter.UntilAsync(FailoverRole.Primary);
    }

    [Test]
    public async Task Start_ListIsPastItsTime_CertificatesAreRefusedAndTheLogTells()
    {
        var list = _folder.File("past.crl");
        await _authority.WriteListAsync(list, isPast: true);
        using var folder = DataFolder.Create();
        await using var service = await RunningService.StartAsync(folder.Path, Settings(_authority, list));
        using var certificate = CertificateAuthority.Load(await _authority.IssueAsync("x", "DNS:adapter.plant.example"));
        using var caller = new Caller(service, certificate);

        using var refused = await caller.Rest.GetAsync("groups");

        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(service.Output, Does.Contain("is past its time"));
    }

    [Test]
    public async Task Start_FilesThatCannotBeUsed_IsRefusedWithAllMistakes()
    {
        var stranger = await CertificateAuthority.CreateAsync(_folder.File("stranger"));
        var list = _folder.File("stranger.crl");
        await stranger.WriteListAsync(list);
        using var folder = DataFolder.Create();

        var (foreign, text) = await RunningService.StartInVainAsync(folder.Path, Settings(_authority, list));
        var (missing, missingText) = await RunningService.StartInVainAsync(
            folder.Path, "--AuthenticationSchemes", "Certificate", "--ClientCertificateIssuers", _folder.File("nowhere.pem"));

        Assert.That((foreign, missing), Is.EqualTo((2, 2)));
        Assert.That(text, Does.Contain("stranger.crl cannot be used").And.Contain("was signed by none of the issuers"));
        Assert.That(missingText, Does.Contain("nowhere.pem").And.Contain("ClientCertificateUsers or ClientCertificateAdministrators must be set"));
    }

    private static string[] Settings(CertificateAuthority authority, string list) =>
    [
        "--AuthenticationSchemes", "Basic,Certificate",
        "--ClientCertificateIssuers", authority.Path,
        "--ClientCertificateRevocationList", list,
        "--ClientCertificateUsers", "DNS:adapter.plant.example; email:adapter@plant.example; URI:spiffe://plant.example/adapter; CN=by subject",
        "--ClientCertificateAdministrators", "DNS:*.operators.example",
    ];

    private async Task RefusedAsync(X509Certificate2 certificate, HttpStatusCode rest, StatusCode status, string reason)
    {
        using var caller = new Caller(_service, certificate);
        using var response = await caller.Rest.GetAsync("groups");
        using var stream = AdapterStream.Open(caller);

        Assert.That(response.StatusCode, Is.EqualTo(rest));
        Refusals.Of(caller.StatusAsync("g")).MustBe(status, reason);
        (await stream.EndAsync()).MustBe(status, reason);
    }
}
