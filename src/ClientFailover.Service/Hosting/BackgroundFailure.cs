using Microsoft.Extensions.Hosting.WindowsServices;

namespace ClientFailover.Service.Hosting;

/// <summary>
/// Responsible for what ended the service if it was not told to stop: a background service whose work failed. The host then stops
/// as if it had been told, and says nothing to who runs it; nobody would start the service anew.
/// </summary>
internal sealed class BackgroundFailure
{
    private readonly IHost _host;

    /// <summary>Begins to watch.</summary>
    /// <param name="host">The host, before it runs.</param>
    public BackgroundFailure(IHost host)
    {
        _host = host;

        // Before anything is stopped: what fails while it stops in order is no reason to start it anew.
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(Look);
    }

    /// <summary>What it failed of; null: it did not.</summary>
    public Exception? Exception { get; private set; }

    private void Look()
    {
        Exception = _host.Services.GetServices<IHostedService>().OfType<BackgroundService>()
            .Select(s => s.ExecuteTask?.Exception?.InnerException)
            .FirstOrDefault(e => e is not null);

        // Windows takes an exit code from the service, not from its process, and before it has stopped.
        if (Exception is not null && OperatingSystem.IsWindows()
            && _host.Services.GetService<IHostLifetime>() is WindowsServiceLifetime windows)
        {
            windows.ExitCode = ExitCodes.Failure;
        }
    }
}
