namespace ClientFailover.Service.Certificates;

/// <summary>Responsible for looking after the certificate while the service runs: every few seconds, at the files and at the calendar.</summary>
/// <param name="certificates">The files.</param>
/// <param name="expiry">The calendar.</param>
/// <param name="time">The clock.</param>
internal sealed class CertificateWatch(ServerCertificates certificates, CertificateExpiry expiry, TimeProvider time) : BackgroundService
{
    /// <summary>How often. With <see cref="ServerCertificates.Settling"/> a changed pair is picked up within half a minute.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            certificates.Poll();
            expiry.Check(certificates.Current.Certificate);
        }
    }
}
