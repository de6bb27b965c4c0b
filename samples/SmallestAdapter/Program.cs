using System.Globalization;
using System.Text;
using ClientFailover.Client;
using Microsoft.Extensions.Hosting;

// Run it twice: dotnet run -- --Failover:SessionId=A, and again with B.
var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddFailoverAdapter(builder.Configuration.GetSection("Failover")).AddComponent<CounterOfSeconds>().UseEgress<ConsoleEgress>();
await builder.Build().RunAsync();

/// <summary>The source: a value each second, the same on every adapter.</summary>
internal sealed class CounterOfSeconds : IAdapterComponent
{
    private IComponentContext _context = null!;

    public string Name => "counter";

    public Task StartAsync(IComponentContext context, CancellationToken cancellation)
    {
        _context = context;
        _context.SelectStreams(["seconds"]);
        return Task.CompletedTask;
    }

    public Task ConnectAsync(CancellationToken cancellation) => Task.CompletedTask;

    public async Task CollectAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            var value = DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            _context.Publish("seconds", DateTimeOffset.UtcNow, Encoding.UTF8.GetBytes(value));
        }
    }

    public Task StopAsync(CancellationToken cancellation) => Task.CompletedTask;
}

/// <summary>The destination. To return means: it has the values for good.</summary>
internal sealed class ConsoleEgress : IEgress
{
    public Task SendAsync(IReadOnlyList<DataItem> items, EgressContext context, CancellationToken cancellation)
    {
        foreach (var item in items)
        {
            Console.WriteLine($"{item.Stream} {item.SourceTime:HH:mm:ss.fff} {Encoding.UTF8.GetString(item.Payload.Span)}{(context.IsReplay ? " (replay)" : "")}");
        }

        return Task.CompletedTask;
    }
}
