using System.Net;
using ClientFailover.Samples.OmfReceiver.Omf;
using ClientFailover.Samples.OmfReceiver.Storage;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ClientFailover.Samples.OmfReceiver;

/// <summary>Responsible for the process: the web server, its routes, and the line that tells its address.</summary>
internal static class ReceiverProgram
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = arguments, ContentRootPath = AppContext.BaseDirectory });
        var options = builder.Configuration.Get<ReceiverOptions>() ?? new ReceiverOptions();
        builder.Logging.ClearProviders().AddSimpleConsole().SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, options));

        await using var database = Database.Open(options.Database);
        await using var app = builder.Build();
        var receiver = new Receiver(database, new Access(options), TimeProvider.System);
        app.MapPost("/omf", (Delegate)receiver.ReceiveAsync);
        app.MapGet("/streams", (double? late) => Results.Ok(Reports.OfStreams(database, late ?? Reports.DefaultLate)));
        app.MapGet("/report", (string stream, double? late) =>
            Reports.OfStream(database, stream, late ?? Reports.DefaultLate) is { } report ? Results.Ok(report) : Results.NotFound());
        app.MapGet("/timeline", (string? stream, double? bucket) => Results.Ok(Timeline.Of(database, stream, bucket ?? 1)));
        app.MapGet("/first", (string sender, DateTimeOffset? after) =>
            Timeline.FirstOf(database, sender, after) is { } first ? Results.Ok(first) : Results.NotFound());

        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Console.WriteLine($"OMF receiver listens on {address}");
        await app.WaitForShutdownAsync();
        return 0;
    }

    private static void Listen(KestrelServerOptions kestrel, ReceiverOptions options)
    {
        kestrel.Limits.MaxRequestBodySize = OmfRequest.LargestBody;
        kestrel.Listen(IPAddress.Parse(options.Address), options.Port);
    }
}
