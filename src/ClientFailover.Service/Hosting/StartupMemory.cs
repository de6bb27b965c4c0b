namespace ClientFailover.Service.Hosting;

/// <summary>
/// Responsible for giving back the memory that only the start needed: a service with few adapters allocates so little
/// that the runtime would come to collect it hours later.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class StartupMemory(TimeProvider time) : BackgroundService
{
    /// <summary>When the first answers have been given, too.</summary>
    public static readonly TimeSpan Delay = TimeSpan.FromSeconds(3);

    // Everything stands still meanwhile: some 20 ms. A heap that is larger is full of groups, and is collected soon enough.
    private const long LargestHeap = 64 << 20;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Delay(Delay, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!stoppingToken.IsCancellationRequested && GC.GetTotalMemory(forceFullCollection: false) <= LargestHeap)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }
}
