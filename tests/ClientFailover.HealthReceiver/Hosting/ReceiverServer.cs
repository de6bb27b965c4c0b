using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace ClientFailover.HealthReceiver.Hosting;

/// <summary>Responsible for a receiver on a port of this machine. All paths are its own, but those of who issues tokens.</summary>
public sealed class ReceiverServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _isDisposed;

    private ReceiverServer(WebApplication app, StrictReceiver receiver) => (_app, Receiver) = (app, receiver);

    /// <summary>The receiver.</summary>
    public StrictReceiver Receiver { get; }

    /// <summary>Its address, as it is configured at whoever sends.</summary>
    public Uri Endpoint { get; private set; } = null!;

    /// <summary>Starts one.</summary>
    /// <param name="receiver">The receiver.</param>
    /// <param name="access">Who may send; null: everybody.</param>
    /// <param name="certificate">For TLS; null: none.</param>
    /// <param name="challenge">Another way to see who may send: answers the request itself, and false, if it may not pass; null: none.</param>
    /// <param name="port">Where to listen; 0: any free port.</param>
    public static async Task<ReceiverServer> StartAsync(
        StrictReceiver receiver,
        IReceiverAccess? access = null,
        X509Certificate2? certificate = null,
        Func<HttpContext, Task<bool>>? challenge = null,
        int port = 0)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, port, l => Secure(l, certificate)));
        if (certificate is not null)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }

        var app = builder.Build();
        app.Run(async http =>
        {
            if (challenge is null || await challenge(http))
            {
                await HandleAsync(http, receiver, access);
            }
        });
        await app.StartAsync();
        var address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        if (access is TokenIssuer issuer)
        {
            issuer.Address = address;
        }

        return new ReceiverServer(app, receiver) { Endpoint = new Uri(address, "/piwebapi/omf") };
    }

    /// <summary>Ends it as a power cut would: nobody is waited for.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1)
        {
            return;
        }

        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
    }

    private static void Secure(ListenOptions listener, X509Certificate2? certificate)
    {
        listener.Protocols = HttpProtocols.Http1;
        if (certificate is not null)
        {
            listener.UseHttps(certificate);
        }
    }

    private static async Task HandleAsync(HttpContext http, StrictReceiver receiver, IReceiverAccess? access)
    {
        using var content = new MemoryStream();
        await http.Request.Body.CopyToAsync(content, http.RequestAborted);
        var reply = access?.Serve(http.Request.Path, System.Text.Encoding.UTF8.GetString(content.ToArray()));
        if (reply is null && access is not null && !access.Allows(http.Request.Headers.Authorization.ToString()))
        {
            http.Response.Headers.WWWAuthenticate = access is BasicAccess ? "Basic realm=\"receiver\"" : "Bearer";
            reply = new OmfReply(401);
        }

        if (reply is null && http.Request.Method != "POST")
        {
            reply = new OmfReply(405);
        }

        try
        {
            reply ??= await receiver.ReceiveAsync(PostOf(http, content), http.RequestAborted);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        if (reply is null)
        {
            http.Abort();
            return;
        }

        http.Response.StatusCode = reply.Status;
        foreach (var (name, value) in reply.Headers ?? new Dictionary<string, string>())
        {
            http.Response.Headers[name] = value;
        }

        await http.Response.WriteAsync(reply.Body);
    }

    private static OmfPost PostOf(HttpContext http, MemoryStream content) => new(
        http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), content.ToArray());
}
