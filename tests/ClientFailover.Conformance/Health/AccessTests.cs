using System.Net.Security;
using System.Runtime.InteropServices;
using System.Text;
using ClientFailover.Conformance.Identity;
using ClientFailover.Conformance.Running;
using ClientFailover.HealthReceiver;
using ClientFailover.HealthReceiver.Hosting;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace ClientFailover.Conformance.Health;

/// <summary>How health gets into endpoints that do not take it from everybody.</summary>
public sealed class AccessTests
{
    private const string Secret = "Planted+Secret/42";

    [Test]
    public async Task Basic_OverTlsThatNobodyTrusts_IsSentOnlyWhenThatIsSaid()
    {
        using var folder = DataFolder.Create();
        using var certificate = TestCertificates.Create(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await using var server = await ReceiverServer.StartAsync(new StrictReceiver(), new BasicAccess("omf", Secret), certificate);
        await using var service = await RunningService.StartAsync(folder.Path, RunningService.Quick);
        await service.SetLevelAsync("Verbose");
        await service.ConfigureAsync(new { Id = "pi", Endpoint = server.Endpoint, Username = "omf", Password = Secret });
        await service.UntilToldAsync("Health cannot be sent to endpoint pi");
        Assert.That(server.Receiver.Posts, Is.Empty);

        // Where the certificate is no longer checked, the secret is asked for again.
        await service.ConfigureAsync(new { Id = "pi", Endpoint = server.Endpoint, Username = "omf", Password = Secret, ValidateEndpointCertificate = false });
        await server.UntilAsync(r => r.StatusesOf().Count > 0);
        await service.UntilToldAsync("its certificate is not checked");
        Assert.That(await service.StopAsync(), Is.Zero);

        Assert.That(server.Receiver.Violations, Is.Empty);
        Assert.That(service.Output, Does.Contain("messagetype data, action create: [{").And.Contain("\"DeviceStatus\":2"), "Bodies are told at this level.");
        Assert.That(service.Output, Does.Not.Contain(Secret).And.Not.Contain(Convert.ToBase64String(Encoding.UTF8.GetBytes($"omf:{Secret}"))));
    }

    [Test]
    public async Task Client_CredentialsOfOAuth_AreFoundByDiscovery()
    {
        using var folder = DataFolder.Create();
        var issuer = new TokenIssuer("program", Secret, TimeProvider.System);
        await using var server = await HealthEndpoints.ReceiveAsync(access: issuer, isPi: false);
        await using var service = await RunningService.StartAsync(folder.Path, RunningService.Quick);
        await service.SetLevelAsync("Verbose");
        await service.ConfigureAsync(new { Id = "hub", Endpoint = server.Endpoint, ClientId = "program", ClientSecret = Secret });

        await server.UntilAsync(r => r.StatusesOf().Count == 1);
        Assert.That(await service.StopAsync(), Is.Zero);

        Assert.That((issuer.Discoveries, issuer.Issued), Is.EqualTo((1, 1)));
        Assert.That(server.Receiver.StatusesOf(), Is.EqualTo(new[] { 0, 2 }));
        Assert.That(service.Output, Does.Not.Contain(Secret).And.Not.Contain(Uri.EscapeDataString(Secret)).And.Not.Contain("Bearer "));
        Assert.That(server.Receiver.Violations, Is.Empty);
    }

    [Test]
    [Platform(Include = "Linux")]
    public async Task Nothing_Configured_IsTheAccountOfTheServiceByNegotiate()
    {
        using var folder = DataFolder.Create();
        await using var realm = await KerberosRealm.StartAsync("service-account");
        var tickets = await realm.LogOnAsync("service-account");
        UseKeys(realm);
        var names = new List<string>();
        await using var server = await ReceiverServer.StartAsync(new StrictReceiver(), challenge: http => NegotiateAsync(http, names));
        var endpoint = new UriBuilder(server.Endpoint) { Host = "localhost" }.Uri;
        await using var service = await StartAsync(folder, realm, tickets);
        await service.ConfigureAsync(HealthEndpoints.At("pi", endpoint));

        await server.UntilAsync(r => r.StatusesOf().Count == 1);

        Assert.That(names.Distinct(), Is.EqualTo(new[] { $"service-account@{KerberosRealm.Name}" }));
        Assert.That(server.Receiver.Violations, Is.Empty);
    }

    private static async Task<RunningService> StartAsync(DataFolder folder, KerberosRealm realm, string tickets)
    {
        // Processes that are started inherit them.
        var (configuration, cache) = (Environment.GetEnvironmentVariable("KRB5_CONFIG"), Environment.GetEnvironmentVariable("KRB5CCNAME"));
        Environment.SetEnvironmentVariable("KRB5_CONFIG", realm.Configuration);
        Environment.SetEnvironmentVariable("KRB5CCNAME", tickets);
        try
        {
            return await RunningService.StartAsync(folder.Path, RunningService.Quick);
        }
        finally
        {
            Environment.SetEnvironmentVariable("KRB5_CONFIG", configuration);
            Environment.SetEnvironmentVariable("KRB5CCNAME", cache);
        }
    }

    /// <summary>The server's half of the scheme, whose state is that of the connection.</summary>
    private static async Task<bool> NegotiateAsync(HttpContext http, List<string> names)
    {
        var items = http.Features.Get<IConnectionItemsFeature>()!.Items;
        if (items.ContainsKey("name"))
        {
            return true;
        }

        var header = http.Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Negotiate ", StringComparison.Ordinal))
        {
            return await RefuseAsync(http, "Negotiate");
        }

        using var authentication = new NegotiateAuthentication(new NegotiateAuthenticationServerOptions());
        var answer = authentication.GetOutgoingBlob(header["Negotiate ".Length..], out var status);
        if (status != NegotiateAuthenticationStatusCode.Completed)
        {
            return await RefuseAsync(http, $"Negotiate {answer}");
        }

        lock (names)
        {
            names.Add(authentication.RemoteIdentity.Name!);
        }

        items["name"] = authentication.RemoteIdentity.Name;
        return true;
    }

    private static async Task<bool> RefuseAsync(HttpContext http, string challenge)
    {
        await http.Request.Body.CopyToAsync(Stream.Null);
        http.Response.StatusCode = StatusCodes.Status401Unauthorized;
        http.Response.Headers.WWWAuthenticate = challenge.Trim();
        return false;
    }

    // Not by .NET's environment: what is set there does not reach libraries.
    private static void UseKeys(KerberosRealm realm)
    {
        Assert.That(SetEnvironment(Native("KRB5_CONFIG"), Native(realm.Configuration), 1), Is.Zero);
        Assert.That(Register(Native(realm.Keytab)), Is.Zero);
    }

    private static byte[] Native(string text) => Encoding.UTF8.GetBytes(text + '\0');

    [DllImport("libgssapi_krb5.so.2", EntryPoint = "krb5_gss_register_acceptor_identity")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint Register(byte[] keytab);

    [DllImport("libc", EntryPoint = "setenv")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetEnvironment(byte[] name, byte[] value, int overwrite);
}
