using System.Net;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ClientFailover.Benchmarks.Echo;

/// <summary>Responsible for the process that the service is compared with: the same web server, and nothing behind it.</summary>
internal static class EchoServer
{
    /// <summary>Begins the line that tells the addresses, once they are open: gRPC, then REST.</summary>
    public const string ReadyLine = "Echo listens on ";

    private const int MaxStreamsPerConnection = 4096;

    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(30);

    /// <summary>Serves until the process is ended.</summary>
    /// <returns>Never, while the process lives.</returns>
    public static async Task RunAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.Http2.MaxStreamsPerConnection = MaxStreamsPerConnection;
            kestrel.Limits.Http2.KeepAlivePingDelay = KeepAlive;
            kestrel.Limits.Http2.KeepAlivePingTimeout = KeepAlive;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddGrpc();
        builder.Services.AddRoutingCore();
        builder.Services.AddAuthorization();
        builder.Services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, EchoAuthentication>(EchoAuthentication.SchemeName, null);
        builder.Services.Configure<JsonOptions>(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = null;
            json.SerializerOptions.PropertyNameCaseInsensitive = true;
            json.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        });

        await using var app = builder.Build();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGrpcService<EchoAdapterService>();
        EchoHeartbeat.Map(app);
        await app.StartAsync();
        Console.WriteLine($"{ReadyLine}{string.Join(' ', app.Urls)}");
        await ((IHost)app).WaitForShutdownAsync();
    }
}
