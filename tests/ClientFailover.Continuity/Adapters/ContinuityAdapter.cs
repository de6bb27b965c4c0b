using ClientFailover.Client;
using ClientFailover.Continuity.Plant;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClientFailover.Continuity.Adapters;

/// <summary>Responsible for an adapter on the client library, as an author would write it.</summary>
internal static class ContinuityAdapter
{
    /// <summary>Runs until it is stopped.</summary>
    public static async Task RunAsync(AdapterSettings settings, CancellationToken stop)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss.fff ";
            console.UseUtcTimestamp = true;
            console.ColorBehavior = Microsoft.Extensions.Logging.Console.LoggerColorBehavior.Disabled;
        });
        builder.Logging.SetMinimumLevel(LogLevel.Debug);
        builder.Services.AddSingleton(settings);
        var adapter = builder.Services.AddFailoverAdapter(options => Configure(options, settings)).UseEgress<OmfEgress>();
        for (var i = 0; i < Signal.Sources; i++)
        {
            var source = i;
            adapter.AddComponent(_ => new SourceComponent(settings, source));
        }

        using var host = builder.Build();
        var told = TellRolesAsync(host.Services.GetRequiredService<IFailoverClient>(), stop);
        await host.StartAsync(CancellationToken.None);
        await Task.Delay(Timeout.InfiniteTimeSpan, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await host.StopAsync(CancellationToken.None);
        await told.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static void Configure(FailoverOptions options, AdapterSettings settings)
    {
        options.FailoverGroupId = settings.Group;
        options.SessionId = settings.Name;
        options.Name = settings.Name;
        options.FailoverTimeout = settings.FailoverTimeout;
        options.Mode = settings.Mode;
        options.Endpoint = settings.Endpoint;
        options.UserName = settings.UserName;
        options.Password = settings.Password;
        options.TrustedCertificateFile = settings.CertificateFile;
        options.SourceTimestamps = true;
        options.Buffer.Directory = Path.Combine(settings.Folder, "buffer");
        options.Transport = settings.Kind switch
        {
            AdapterKind.Stream => FailoverTransport.Stream,
            AdapterKind.Rest => FailoverTransport.Rest,
            _ => FailoverTransport.Auto,
        };
    }

    private static async Task TellRolesAsync(IFailoverClient client, CancellationToken stop)
    {
        FailoverRole? last = null;
        await foreach (var state in client.RoleChangesAsync(stop))
        {
            if (state.Role != last)
            {
                last = state.Role;
                Say.Took(state.Role.ToString(), $"{state.Reason} term {state.Term}, processed {state.LastDataProcessedTime:HH:mm:ss.fff} exact {state.IsExact}");
            }
        }
    }
}
