namespace ClientFailover.Service.Certificates;

/// <summary>
/// Responsible for warning before the certificate expires, each day, and after it has, each hour. It is used all the same: a
/// service that nobody reaches is worse than one that strict clients refuse.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="log">The log.</param>
internal sealed partial class CertificateExpiry(TimeProvider time, ILogger<CertificateExpiry> log)
{
    /// <summary>How long before the end the warnings begin.</summary>
    public static readonly TimeSpan Notice = TimeSpan.FromDays(30);

    private static readonly TimeSpan WarningInterval = TimeSpan.FromDays(1);
    private static readonly TimeSpan ErrorInterval = TimeSpan.FromHours(1);

    private string? _thumbprint;
    private bool _hadExpired;
    private long _told;

    /// <summary>Warns if it is time to. For one thread.</summary>
    /// <param name="certificate">The certificate that is served with.</param>
    public void Check(ServerCertificate certificate)
    {
        var end = certificate.Certificate.NotAfter.ToUniversalTime();
        var left = end - time.GetUtcNow().UtcDateTime;
        var hasExpired = left < TimeSpan.Zero;
        if (left > Notice)
        {
            return;
        }

        var isNews = certificate.Certificate.Thumbprint != _thumbprint || hasExpired != _hadExpired;
        if (!isNews && time.GetElapsedTime(_told) < (hasExpired ? ErrorInterval : WarningInterval))
        {
            return;
        }

        (_thumbprint, _hadExpired, _told) = (certificate.Certificate.Thumbprint, hasExpired, time.GetTimestamp());
        if (hasExpired)
        {
            LogExpired(certificate.Name, end);
        }
        else
        {
            LogExpires(certificate.Name, end, (int)left.TotalDays);
        }
    }

    [LoggerMessage(4008, LogLevel.Warning, "TLS certificate {Name} expires at {NotAfter:u}, in {Days} days: put a new pair into the folder of certificates")]
    private partial void LogExpires(string name, DateTime notAfter, int days);

    [LoggerMessage(4009, LogLevel.Error, "TLS certificate {Name} expired at {NotAfter:u} and is used all the same: put a new pair into the folder of certificates")]
    private partial void LogExpired(string name, DateTime notAfter);
}
