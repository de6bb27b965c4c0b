using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClientFailover.Conformance.Running;
using Grpc.Core;
using NUnit.Framework;

namespace ClientFailover.Conformance.Tls;

/// <summary>The encrypted port: what is offered on it, and clients that trust nothing but the generated certificate.</summary>
public sealed class TlsTests
{
    // What the test offers must not be held back by the policy of the machine it runs on.
    private const string Anything = ":@SECLEVEL=0";

    private static RunningService Service => SharedService.WithDefaults;

    [OneTimeSetUp]
    public Task InstallAsync() => OpenSsl.InstallAsync();

    [TestCase("-tls1", "ALL" + Anything, "alert protocol version")]
    [TestCase("-tls1_1", "ALL" + Anything, "alert protocol version")]
    [TestCase("-tls1_2", "ECDHE-ECDSA-AES128-SHA256:ECDHE-ECDSA-AES256-SHA384" + Anything, "alert handshake failure", Description = "No authenticated encryption")]
    [TestCase("-tls1_2", "ECDHE-ECDSA-AES128-SHA" + Anything, "alert handshake failure", Description = "SHA-1")]
    [TestCase("-tls1_2", "AES128-GCM-SHA256" + Anything, "alert handshake failure", Description = "No forward secrecy")]
    public async Task Handshake_OldVersionOrWeakSuite_IsRefusedByTheService(string version, string suites, string alert)
    {
        var (isConnected, output) = await OpenSsl.ConnectAsync(Service.Tls, "", version, "-cipher", suites);

        Assert.That(isConnected, Is.False, output);
        Assert.That(output, Does.Contain(alert), "It is the service that refuses.");
    }

    [TestCase("-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256")]
    [TestCase("-tls1_2", "-cipher", "ECDHE-ECDSA-AES256-GCM-SHA384")]
    [TestCase("-tls1_2", "-cipher", "ECDHE-ECDSA-CHACHA20-POLY1305")]
    [TestCase("-tls1_3", "-ciphersuites", "TLS_AES_256_GCM_SHA384")]
    [TestCase("-tls1_3", "-ciphersuites", "TLS_AES_128_GCM_SHA256")]
    public async Task Handshake_StrongSuite_ComesAbout(string version, string option, string suite)
    {
        var (isConnected, output) = await OpenSsl.ConnectAsync(Service.Tls, "", version, option, suite);

        Assert.That(isConnected, Is.True, output);
        Assert.That(output, Does.Contain($"Cipher is {suite}"));
    }

    [Test]
    public async Task Renegotiation_AskedForByTheClient_IsRefused()
    {
        var (_, output) = await OpenSsl.ConnectAsync(Service.Tls, "R\n", "-tls1_2");

        Assert.That(output, Does.Contain("RENEGOTIATING"));
        var after = output[output.IndexOf("RENEGOTIATING", StringComparison.Ordinal)..];
        Assert.That(after, Does.Contain("no renegotiation").Or.Contain("unexpected eof"));
        Assert.That(after, Does.Not.Contain("verify return"), "No second handshake.");
    }

    [Test]
    public async Task Client_PinningTheGeneratedCertificate_IsServedOverRestAndGrpc()
    {
        using var certificate = Generated();
        using var rest = ServiceClients.OpenHttp(Service.Tls, Pinning(certificate), Service.User.Header);
        using var channel = ServiceClients.OpenGrpc(Service.Tls, Pinning(certificate), Service.User.Header);

        using var answer = await rest.GetAsync(new Uri("/api/v1/clientfailover", UriKind.Relative));
        var version = await new V1.VersionService.VersionServiceClient(channel).GetVersionAsync(new V1.GetVersionRequest());

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(version.Version, Is.Not.Empty);
    }

    [Test]
    public void Client_PinningAnother_DoesNotTalk()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var rest = ServiceClients.OpenHttp(Service.Tls, Pinning(other), Service.User.Header);
        using var channel = ServiceClients.OpenGrpc(Service.Tls, Pinning(other), Service.User.Header);

        Assert.ThrowsAsync<HttpRequestException>(() => rest.GetAsync(new Uri("/api/v1/clientfailover", UriKind.Relative)));
        Assert.ThrowsAsync<RpcException>(() => new V1.VersionService.VersionServiceClient(channel).GetVersionAsync(new V1.GetVersionRequest()).ResponseAsync);
    }

    private static X509Certificate2 Generated() => X509CertificateLoader.LoadCertificateFromFile(
        Directory.EnumerateFiles(Path.Combine(Service.DataDirectory, "Certificates"), "*.crt").Single());

    // The system's own check, names and times included, with this one certificate as all that is trusted.
    private static SocketsHttpHandler Pinning(X509Certificate2 certificate) => new()
    {
        SslOptions =
        {
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { certificate },
                RevocationMode = X509RevocationMode.NoCheck,
            },
        },
    };
}
