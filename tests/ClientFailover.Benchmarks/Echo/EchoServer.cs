using System.Net;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClientFailover.Benchmarks.Echo;

/// <summary>Responsible for the process that the service is compared with: the same web server, and nothing behind it.</summary>
internal static class EchoServer
{
    /// <summary>Begins the line that tells the addresses, once they are open: gRPC, then REST.</summary>
    public const string ReadyLine = "Echo listens on ";

    /// <summary>Serves until the process is ended.</summary>
    /// <returns>Never, while the process lives.</returns>
    public static async Task RunAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.Http2.MaxStreamsPerConnection = int.MaxValue;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddGrpc();
        builder.Services.AddRouting();
        builder.Services.AddAuthorization();
        builder.Services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, EchoAuthentication>(EchoAuthentication.SchemeName, null);
        builder.Services.Configure<JsonOptions>(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = null;
            json.SerializerOptions.PropertyNameCaseInsensitive = true;
            json.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        });

        await using var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGrpcService<EchoAdapterService>();
        EchoHeartbeat.Map(app);
        await app.StartAsync();
        Console.WriteLine($"{ReadyLine}{string.Join(' ', app.Urls)}");
        await ((IHost)app).WaitForShutdownAsync();
    }
}
