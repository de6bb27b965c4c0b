namespace ClientFailover.Service.Hosting;

/// <summary>
/// Responsible for telling where the service listens: one line for each address, <c>Client Failover listens on
/// https://0.0.0.0:5590</c>, whatever the level of the log is. Whoever starts the service on port 0 reads the port there.
/// </summary>
/// <param name="listeners">What is listened on.</param>
/// <param name="data">The data directory.</param>
/// <param name="lifetime">Tells when the service has started.</param>
/// <param name="log">The log.</param>
internal sealed partial class Announcement(
    Listeners listeners,
    DataDirectory data,
    IHostApplicationLifetime lifetime,
    ILogger<Announcement> log) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        LogData(data.Path);
        if (!data.IsPrivate)
        {
            LogNotPrivate(data.Path);
        }

        lifetime.ApplicationStarted.Register(Announce);
        lifetime.ApplicationStopping.Register(LogStopping);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Announce()
    {
        if (listeners.HasCleartext)
        {
            LogCleartext();
        }

        foreach (var (address, remark) in listeners.Addresses)
        {
            LogListening(address, remark);
        }
    }
}
