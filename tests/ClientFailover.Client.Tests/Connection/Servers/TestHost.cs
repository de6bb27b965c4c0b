using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace ClientFailover.Client.Tests.Connection.Servers;

/// <summary>Responsible for a server on a free port of this machine, in this process.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    private readonly WebApplication _application;

    private TestHost(WebApplication application, Uri address) => (_application, Address) = (application, address);

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Starts one.</summary>
    /// <param name="protocols">What it speaks.</param>
    /// <param name="map">What it answers.</param>
    /// <param name="services">What that needs.</param>
    /// <param name="listen">How it listens; null: in clear text.</param>
    public static async Task<TestHost> StartAsync(
        HttpProtocols protocols, Action<WebApplication> map, Action<IServiceCollection>? services = null, Action<ListenOptions>? listen = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRoutingCore();
        services?.Invoke(builder.Services);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, options =>
        {
            options.Protocols = protocols;
            listen?.Invoke(options);
        }));
        var application = builder.Build();
        application.UseRouting();
        map(application);
        await application.StartAsync();
        return new TestHost(application, new Uri(application.Urls.Single()));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Streams are cut: no test waits for a server that is polite.
        using var now = new CancellationTokenSource(0);
        await _application.StopAsync(now.Token);
        await _application.DisposeAsync();
    }
}
