using ClientFailover.Service.Identity;
using ClientFailover.Service.Telemetry;
using ClientFailover.Service.Tests.Transport;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Telemetry;

/// <summary>Who may scrape.</summary>
public sealed class ScrapeTests : ApiTests
{
    [Test]
    public async Task Get_ByUserOrAdministratorOfTheService_IsAnswered()
    {
        foreach (var client in new[] { User, Admin })
        {
            var (status, text) = await SendAsync(client, "GET", ScrapeEndpoint.Path);

            Assert.That(status, Is.EqualTo(200));
            Assert.That(text, Does.Contain("# TYPE clientfailover_groups gauge"));
        }
    }

    [Test]
    public async Task Get_ByNobodyOrATenantOrWithoutRole_IsRefusedWithoutAWord()
    {
        var callers = new (string Name, HttpClient Client, int Expected)[]
        {
            ("nobody", Host.Rest(null), 401),
            ("wrong password", Host.Rest(ApiHost.Basic("adapter", "wrong")), 401),
            ("no role", Host.Rest(TestScheme.Header(TestCallers.Of("x", null))), 403),
            ("user of a tenant", Host.Rest(TestScheme.Header(TestCallers.Of("t", "acme", Roles.Users))), 403),
            ("administrator of a tenant", Host.Rest(TestScheme.Header(TestCallers.Of("t", "acme", Roles.Administrators))), 403),
        };
        foreach (var (name, client, expected) in callers)
        {
            Assert.That(await SendAsync(client, "GET", ScrapeEndpoint.Path), Is.EqualTo((expected, "")), name);
        }

        Assert.That((await SendAsync(Host.Rest(null), "POST", ScrapeEndpoint.Path)).Status, Is.EqualTo(401));
        Assert.That((await SendAsync(Admin, "POST", ScrapeEndpoint.Path)).Status, Is.EqualTo(405));
    }

    [Test]
    public async Task Get_EndpointSwitchedOff_IsNoRoute()
    {
        await using var host = await ApiHost.StartAsync("--MetricsEndpoint", "false");

        var (status, _) = await SendAsync(host.Rest(TestScheme.Header(TestCallers.Administrator)), "GET", ScrapeEndpoint.Path);

        Assert.That(status, Is.EqualTo(404));
    }
}
