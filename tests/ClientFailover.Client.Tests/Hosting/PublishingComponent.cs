namespace ClientFailover.Client.Tests.Hosting;

/// <summary>A component of one stream, whose values the test publishes.</summary>
internal sealed class PublishingComponent : IAdapterComponent
{
    public string Name => "publishing";

    public IComponentContext? Context { get; private set; }

    public bool IsCollecting { get; private set; }

    public Task CollectsAsync() => Eventually.IsTrueAsync(() => IsCollecting);

    public Task StartAsync(IComponentContext context, CancellationToken cancellation)
    {
        Context = context;
        context.SelectStreams(["s"]);
        return Task.CompletedTask;
    }

    public Task ConnectAsync(CancellationToken cancellation) => Task.CompletedTask;

    public async Task CollectAsync(CancellationToken cancellation)
    {
        IsCollecting = true;
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
        }
        finally
        {
            IsCollecting = false;
        }
    }

    public Task StopAsync(CancellationToken cancellation) => Task.CompletedTask;
}
