using System.Net.Http.Headers;
using ClientFailover.Conformance.Running;
using NUnit.Framework;

namespace ClientFailover.Conformance.Identity;

/// <summary>A fixture with a service of its own that takes tokens of a provider of its own.</summary>
public abstract class BearerService
{
    /// <summary>How long short-lived tokens live: long enough to be used, short enough to wait for their end.</summary>
    private protected static readonly TimeSpan Short = TimeSpan.FromSeconds(9);

    private DataFolder _folder = null!;

    /// <summary>The service.</summary>
    private protected RunningService Service { get; private set; } = null!;

    /// <summary>The provider.</summary>
    private protected TokenProvider Provider { get; private set; } = null!;

    /// <summary>More of its settings.</summary>
    private protected virtual string[] Settings => [];

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _folder = DataFolder.Create();
        Provider = await TokenProvider.StartAsync(Short);
        Service = await RunningService.StartAsync(
            _folder.Path,
            [
                .. RunningService.Quick,
                "--AuthenticationSchemes", "Basic,Bearer",
                "--BearerAuthority", Provider.Address.AbsoluteUri,
                "--BearerRequireHttps", "false",
                "--BearerAudience", TokenProvider.Audience,
                "--BearerUsers", "failover.user",
                "--BearerAdministrators", "failover.administrator",
                "--BearerClockSkew", "00:00:00",
                .. Settings,
            ]);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (Service is not null)
        {
            await Service.DisposeAsync();
        }

        if (Provider is not null)
        {
            await Provider.DisposeAsync();
        }

        _folder.Dispose();
    }

    /// <summary>The header of a token.</summary>
    private protected static AuthenticationHeaderValue Header(string token) => new("Bearer", token);

    /// <summary>Calls as a program that gets itself a token.</summary>
    private protected async Task<Caller> CallAsAsync(string client) => new(Service, Header(await Provider.GetAsync(client)));
}
