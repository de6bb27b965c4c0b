using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ClientFailover.Installation.Tests.Containers;

/// <summary>Responsible for handing out one image, as a registry does (the pull side of the OCI distribution specification).</summary>
internal sealed class Registry : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Registry(WebApplication app) => _app = app;

    /// <summary>The name by which its image is pulled.</summary>
    public string Image => $"localhost:{Port}/base:1";

    /// <summary>Its host and port.</summary>
    public string Name => $"localhost:{Port}";

    private int Port => new Uri(_app.Urls.Single()).Port;

    /// <summary>Starts one.</summary>
    /// <param name="image">The image.</param>
    public static async Task<Registry> StartAsync(BaseImage image)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(server => server.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.MapMethods("/v2/base/manifests/{reference}", ["GET", "HEAD"], (HttpResponse response) =>
        {
            response.Headers["Docker-Content-Digest"] = BaseImage.DigestOf(image.Manifest);
            return Results.Bytes(image.Manifest, BaseImage.ManifestType);
        });
        app.MapMethods("/v2/base/blobs/{digest}", ["GET", "HEAD"], (string digest) =>
            image.Blobs.TryGetValue(digest, out var blob) ? Results.Bytes(blob, "application/octet-stream") : Results.NotFound());
        await app.StartAsync();
        return new Registry(app);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
