using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using NUnit.Framework;

namespace ClientFailover.Client.Tests.Connection.Servers;

/// <summary>Whose certificates are taken, over both transports.</summary>
[TestFixture]
public sealed class TlsTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private readonly TestCertificates _certificates = new();

    [OneTimeTearDown]
    public void Remove() => _certificates.Dispose();

    [Test]
    public async Task Open_PinnedItself_Taken([Values(FailoverTransport.Stream, FailoverTransport.Rest)] FailoverTransport transport)
    {
        var certificate = _certificates.SelfSigned();

        await AssertTakenAsync(transport, certificate, o => o.TrustedCertificateFile = _certificates.Pem(certificate));
    }

    [Test]
    public async Task Open_PinnedItselfUnderAnotherName_Taken([Values(FailoverTransport.Stream, FailoverTransport.Rest)] FailoverTransport transport)
    {
        var certificate = _certificates.SelfSigned("failover.example");

        await AssertTakenAsync(transport, certificate, o => o.TrustedCertificateFile = _certificates.Pem(certificate));
    }

    [Test]
    public async Task Open_IssuerPinned_Taken([Values(FailoverTransport.Stream, FailoverTransport.Rest)] FailoverTransport transport)
    {
        var (authority, leaf) = _certificates.Issued();

        await AssertTakenAsync(transport, leaf, o => o.TrustedCertificateFile = _certificates.Pem(authority));
    }

    [Test]
    public async Task Open_IssuerPinnedButAnotherName_Refused()
    {
        var (authority, leaf) = _certificates.Issued("failover.example");

        await AssertRefusedAsync(leaf, o => o.TrustedCertificateFile = _certificates.Pem(authority));
    }

    [Test]
    public async Task Open_NothingPinned_Refused() => await AssertRefusedAsync(_certificates.SelfSigned(), _ => { });

    [Test]
    public async Task Open_AnotherPinned_Refused()
    {
        var other = _certificates.Pem(_certificates.SelfSigned());

        await AssertRefusedAsync(_certificates.SelfSigned(), o => o.TrustedCertificateFile = other);
    }

    [Test]
    public async Task Open_PinnedButExpired_Refused()
    {
        var certificate = _certificates.SelfSigned(age: 3 * Day, life: Day);

        await AssertRefusedAsync(certificate, o => o.TrustedCertificateFile = _certificates.Pem(certificate));
    }

    [Test]
    public async Task Open_IssuerPinnedButExpired_Refused()
    {
        var (authority, leaf) = _certificates.Issued(age: 3 * Day, life: Day);

        await AssertRefusedAsync(leaf, o => o.TrustedCertificateFile = _certificates.Pem(authority));
    }

    [Test]
    public async Task Open_NotValidated_TakenWithAWarning([Values(FailoverTransport.Stream, FailoverTransport.Rest)] FailoverTransport transport)
    {
        var log = await AssertTakenAsync(transport, _certificates.SelfSigned("x", age: 3 * Day, life: Day), o => o.ValidateEndpointCertificate = false);

        Assert.That(log.Count(7000), Is.EqualTo(1));
    }

    [Test]
    public async Task Open_NotValidatedAndReachedByAddress_Taken()
    {
        await using var server = await RestServer.StartAsync(l => Secure(l, _certificates.SelfSigned("x")));
        await using var rig = new Rig(server.Endpoint, o => (o.Transport, o.ValidateEndpointCertificate) = (FailoverTransport.Rest, false));

        await rig.Member.NextAsync(FailoverRole.Primary);
    }

    [Test]
    public async Task Open_AutoThroughAProxyWithoutHttp2_Rest()
    {
        var certificate = _certificates.SelfSigned();
        await using var server = await RestServer.StartAsync(l => Secure(l, certificate));
        await using var rig = new Rig(OnHost(server.Endpoint), o => o.TrustedCertificateFile = _certificates.Pem(certificate));

        await rig.Member.NextAsync(FailoverRole.Primary);

        Assert.That(rig.Client.Connection, Is.EqualTo(ConnectionState.Rest));
        Assert.That(rig.Log.Count(7050), Is.EqualTo(1));
    }

    [Test]
    public async Task Open_FileIsNoCertificate_SaysSo()
    {
        var file = _certificates.File("crt", "no certificate");
        await using var rig = new Rig(new Uri("https://localhost:1/"), o => o.TrustedCertificateFile = file);

        await rig.Log.LoggedAsync(7041);

        Assert.That(rig.Log.Text, Does.Contain($"TrustedCertificateFile '{file}' cannot be used"));
    }

    // What is meant for the service is not meant for whoever gives tokens.
    [Test]
    public async Task Open_NotValidated_TokenEndpointElsewhereIs()
    {
        var certificate = _certificates.SelfSigned();
        await using var tokens = await TokenServer.StartAsync(l => Secure(l, certificate));
        await using var server = await RestServer.StartAsync(l => Secure(l, certificate));
        await using var rig = new Rig(OnHost(server.Endpoint), o =>
        {
            (o.Transport, o.ValidateEndpointCertificate) = (FailoverTransport.Rest, false);
            (o.ClientId, o.ClientSecret, o.TokenEndpoint) = ("c", "planted-secret", tokens.Tokens);
        });

        await rig.Log.LoggedAsync(7041);

        Assert.That(tokens.Asked, Is.Empty);
        Assert.That(rig.Log.Text, Does.Contain("token endpoint https://127.0.0.1"));
    }

    [Test]
    public async Task Open_NotValidated_TokenEndpointAtTheServicesHostIsNotEither()
    {
        var certificate = _certificates.SelfSigned();
        await using var server = await TokenServer.StartAsync(l => Secure(l, certificate));
        await using var rig = new Rig(OnHost(server.Endpoint), o =>
        {
            (o.Transport, o.ValidateEndpointCertificate) = (FailoverTransport.Rest, false);
            (o.ClientId, o.ClientSecret, o.TokenEndpoint) = ("c", "planted-secret", OnHost(server.Tokens));
        });

        await rig.Member.NextAsync(FailoverRole.Primary);
    }

    [Test]
    public async Task Open_ClientCertificate_IsNotShownToTheTokenEndpoint()
    {
        var (certificate, client) = (_certificates.SelfSigned(), _certificates.SelfSigned("adapter"));
        var shown = 0;
        await using var server = await TokenServer.StartAsync(l => Secure(l, certificate, _ => Interlocked.Increment(ref shown)));
        await using var rig = new Rig(new Uri("https://localhost:1/"), o =>
        {
            (o.Transport, o.TrustedCertificateFile) = (FailoverTransport.Rest, _certificates.Pem(certificate));
            (o.ClientCertificateFile, o.ClientCertificateKeyFile) = (_certificates.Pem(client), _certificates.Key(client));
            (o.ClientId, o.ClientSecret, o.TokenEndpoint) = ("c", "planted-secret", OnHost(server.Tokens));
        });

        await rig.Log.LoggedAsync(7041);

        Assert.That(shown, Is.Zero);
        Assert.That(server.Asked, Is.Empty, "It wants a certificate.");
    }

    [TestCase("pem")]
    [TestCase("encrypted pem")]
    [TestCase("pkcs12")]
    public async Task Open_ClientCertificate_IsShown(string form)
    {
        var (server, client) = (_certificates.SelfSigned(), _certificates.SelfSigned("adapter"));
        const string password = "planted-secret";
        var shown = new TaskCompletionSource<string>();
        await using var host = await RestServer.StartAsync(l => Secure(l, server, seen => shown.TrySetResult(seen.Thumbprint)));

        await using var rig = new Rig(OnHost(host.Endpoint), o =>
        {
            o.Transport = FailoverTransport.Rest;
            o.TrustedCertificateFile = _certificates.Pem(server);
            (o.ClientCertificateFile, o.ClientCertificateKeyFile, o.ClientCertificatePassword) = form switch
            {
                "pem" => (_certificates.Pem(client), _certificates.Key(client), null),
                "pkcs12" => (_certificates.Pkcs12(client, password), null, password),
                _ => (_certificates.Pem(client), _certificates.Key(client, password), password),
            };
        });

        Assert.That(await shown.Task.Soon(), Is.EqualTo(client.Thumbprint));
    }

    [Test]
    public async Task Open_ClientCertificateWithWrongPassword_SaysWhichFileAndNoPassword()
    {
        var file = _certificates.Pkcs12(_certificates.SelfSigned("adapter"), "right");
        await using var rig = new Rig(new Uri("https://localhost:1/"), o => (o.ClientCertificateFile, o.ClientCertificatePassword) = (file, "planted-secret"));

        await rig.Log.LoggedAsync(7041);

        Assert.That(rig.Log.Text, Does.Contain($"ClientCertificateFile '{file}' cannot be used").And.Not.Contain("planted-secret"));
    }

    private static async Task<RecordingLog> AssertTakenAsync(FailoverTransport transport, X509Certificate2 certificate, Action<FailoverOptions> change)
    {
        if (transport == FailoverTransport.Rest)
        {
            await using var rest = await RestServer.StartAsync(l => Secure(l, certificate));
            await using var restRig = new Rig(OnHost(rest.Endpoint), o => Change(o, transport, change));
            await restRig.Member.NextAsync(FailoverRole.Primary);
            return restRig.Log;
        }

        await using var server = await StreamServer.StartAsync(l => Secure(l, certificate));
        await using var rig = new Rig(OnHost(server.Endpoint), o => Change(o, transport, change));
        await server.AcceptAsync();
        return rig.Log;
    }

    private static async Task AssertRefusedAsync(X509Certificate2 certificate, Action<FailoverOptions> change)
    {
        await using var server = await RestServer.StartAsync(l => Secure(l, certificate));
        foreach (var transport in new[] { FailoverTransport.Rest, FailoverTransport.Stream, FailoverTransport.Auto })
        {
            await using var rig = new Rig(OnHost(server.Endpoint), o => Change(o, transport, change));
            await rig.Log.LoggedAsync(7041);
            Assert.That(rig.Log.Text, Does.Contain("Set TrustedCertificateFile"), transport.ToString());
        }

        Assert.That(server.Calls, Is.Empty);
    }

    private static void Change(FailoverOptions options, FailoverTransport transport, Action<FailoverOptions> change)
    {
        (options.Transport, options.UserName, options.Password) = (transport, "u", "p");
        change(options);
    }

    private static Uri OnHost(Uri endpoint) => new UriBuilder(endpoint) { Scheme = "https", Host = "localhost" }.Uri;

    private static void Secure(ListenOptions listen, X509Certificate2 certificate, Action<X509Certificate2>? shown = null) =>
        listen.UseHttps(new HttpsConnectionAdapterOptions
        {
            ServerCertificate = certificate,
            ClientCertificateMode = shown is null ? ClientCertificateMode.NoCertificate : ClientCertificateMode.RequireCertificate,
            ClientCertificateValidation = (seen, _, _) =>
            {
                shown?.Invoke(seen);
                return true;
            },
        });
}
