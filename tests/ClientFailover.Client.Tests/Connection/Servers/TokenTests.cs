using ClientFailover.Client.Connection;
using ClientFailover.Client.Connection.Credentials;
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Client.Tests.Connection.Servers;

/// <summary>Tokens by client credentials.</summary>
[TestFixture]
public sealed class TokenTests
{
    private const string Secret = "planted-secret";

    [TestCase("/identity")]
    [TestCase("")]
    public async Task Run_Discovery_TokenOfTheFoundEndpoint(string authority)
    {
        await using var server = await TokenServer.StartAsync();
        server.Authority = authority;
        await using var rig = new Rig(server.Endpoint, Configure);

        await rig.Member.NextAsync(FailoverRole.Primary);

        Assert.That(server.Asked, Is.EqualTo(new[] { "grant_type=client_credentials&client_id=c&client_secret=planted-secret" }));
        Assert.That(server.Used.Select(u => u.Token), Is.All.EqualTo("planted-token-1"));
        Assert.That(rig.Log.Text, Does.Not.Contain("planted"));
    }

    [Test]
    public async Task Run_TokenEndpoint_NoDiscovery()
    {
        await using var server = await TokenServer.StartAsync();
        server.Authority = null;
        await using var rig = new Rig(server.Endpoint, o =>
        {
            Configure(o);
            o.TokenEndpoint = server.Tokens;
        });

        await rig.Member.NextAsync(FailoverRole.Primary);
    }

    [Test]
    public async Task Run_TokenRefusedByService_OneNewOneAtOnce()
    {
        await using var server = await TokenServer.StartAsync();
        server.Takes = t => t != "planted-token-1";
        await using var rig = new Rig(server.Endpoint, Configure);

        await rig.Member.NextAsync(FailoverRole.Primary);

        Assert.That(server.Asked, Has.Count.EqualTo(2));
        Assert.That(rig.Log.Count(7041), Is.Zero);
    }

    [Test]
    public async Task Run_StreamRefusesToken_OneNewOneAtOnce()
    {
        await using var server = await TokenServer.StartAsync();
        await using var streams = await StreamServer.StartAsync();
        streams.Refuse = c => c.RequestHeaders.GetValue("authorization") == "Bearer planted-token-1" ? new Status(StatusCode.Unauthenticated, "") : null;
        await using var rig = new Rig(streams.Endpoint, o =>
        {
            Configure(o);
            (o.Transport, o.TokenEndpoint) = (FailoverTransport.Stream, server.Tokens);
        });

        await streams.AcceptAsync();

        Assert.That(streams.Authorizations, Is.EqualTo(new[] { "Bearer planted-token-1", "Bearer planted-token-2" }));
        Assert.That(rig.Log.Count(7041), Is.Zero);
    }

    [TestCase(FailoverTransport.Rest)]
    [TestCase(FailoverTransport.Auto)]
    [TestCase(FailoverTransport.Stream)]
    public async Task Run_NoTokenGiven_SaysWhatToCheckAndNoSecret(FailoverTransport transport)
    {
        await using var server = await TokenServer.StartAsync();
        server.Refuses = true;
        await using var rig = new Rig(server.Endpoint, o =>
        {
            Configure(o);
            o.Transport = transport;
        });

        await server.AskedAsync(3);
        await rig.Log.LoggedAsync(7041);

        Assert.That(rig.Log.Text, Does.Contain("invalid_client").And.Contain("Check ClientId and ClientSecret").And.Contain("Check the configured credentials"));
        Assert.That(rig.Log.Text, Does.Not.Contain(Secret));
        Assert.That(server.Used, Is.Empty);
    }

    [Test]
    public async Task Run_NothingDiscovered_SaysToSetTokenEndpoint()
    {
        await using var server = await TokenServer.StartAsync();
        server.Authority = null;
        await using var rig = new Rig(server.Endpoint, Configure);

        await rig.Log.LoggedAsync(7041);

        Assert.That(rig.Log.Text, Does.Contain("Set TokenEndpoint"));
    }

    [Test]
    public async Task Get_TokenInUse_AskedAnewThirtySecondsBeforeItExpires()
    {
        await using var server = await TokenServer.StartAsync();
        server.Lifetime = 300;
        var time = new FakeTimeProvider();
        var options = new FailoverOptions();
        Configure(options);
        using var credential = new BearerCredential(options, _ => new HttpClientHandler(), time);
        var endpoint = new Endpoint(server.Endpoint);

        var first = await credential.GetAsync(endpoint, CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(269));
        Assert.That(await credential.GetAsync(endpoint, CancellationToken.None), Is.SameAs(first));
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.That((await credential.GetAsync(endpoint, CancellationToken.None)).Parameter, Is.EqualTo("planted-token-2"));
    }

    [Test]
    public async Task Get_ManyAtOnce_OneRequest()
    {
        await using var server = await TokenServer.StartAsync();
        var options = new FailoverOptions();
        Configure(options);
        using var credential = new BearerCredential(options, _ => new HttpClientHandler(), TimeProvider.System);
        var endpoint = new Endpoint(server.Endpoint);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => credential.GetAsync(endpoint, CancellationToken.None).AsTask())).Soon();

        Assert.That(server.Asked, Has.Count.EqualTo(1));
    }

    private static void Configure(FailoverOptions options) =>
        (options.Transport, options.ClientId, options.ClientSecret) = (FailoverTransport.Rest, "c", Secret);
}
