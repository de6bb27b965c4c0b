using System.Net.Security;
using ClientFailover.Service.Audit;

namespace ClientFailover.Service.Certificates;

/// <summary>
/// Responsible for the certificate that new connections get: picks up a changed pair of files once they have lain still for a
/// moment, as copying takes time. Open connections keep the one they began with; while no valid pair is there, new ones get
/// the last.
/// </summary>
/// <param name="folder">The files.</param>
/// <param name="audit">Is told of every change.</param>
/// <param name="time">The clock.</param>
/// <param name="log">The log.</param>
internal sealed partial class ServerCertificates(CertificateFolder folder, IAuditTrail audit, TimeProvider time, ILogger<ServerCertificates> log)
{
    /// <summary>How long files must not have changed before they are read.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromSeconds(20);

    // A pair whose time has come is as good as a new one.
    private static readonly TimeSpan Reconsidering = TimeSpan.FromHours(1);

    private ServedCertificate? _current;
    private IReadOnlyList<FileVersion> _seen = [];
    private long _seenAt;
    private bool _isPending;

    /// <summary>Whether there is one.</summary>
    public bool IsLoaded => Volatile.Read(ref _current) is not null;

    /// <summary>The certificate for new connections, once there is one.</summary>
    public ServedCertificate Current =>
        Volatile.Read(ref _current) ?? throw new InvalidOperationException("No certificate has been loaded.");

    /// <summary>Loads the first one; generates it if there is none.</summary>
    /// <param name="names">Whom to generate one for.</param>
    public void Load(Func<HostNames> names)
    {
        Serve(folder.Load(names));

        // Again before long: one of a pair may have been on its way.
        (_seen, _seenAt, _isPending) = (folder.Versions(), time.GetTimestamp(), true);
    }

    /// <summary>Looks whether files were changed, and serves with another certificate if that is what comes of it. For one thread.</summary>
    public void Poll()
    {
        try
        {
            var versions = folder.Versions();
            if (!versions.SequenceEqual(_seen))
            {
                (_seen, _seenAt, _isPending) = (versions, time.GetTimestamp(), true);
            }
            else if (time.GetElapsedTime(_seenAt) >= (_isPending ? Settling : Reconsidering))
            {
                Reload();
            }
        }
        catch (Exception e)
        {
            // Whatever it is: a pair that cannot be served must not end the service. It is looked at again when a file changes.
            LogNotLookedAt(e.Message);
        }
    }

    private void Reload()
    {
        // What cannot be read is tried again: a change of its mode is no change of the file.
        var other = folder.LoadOther(Current.Certificate, out var isComplete);
        (_seenAt, _isPending) = (time.GetTimestamp(), !isComplete);
        if (other is not null)
        {
            Serve(other);
            var certificate = other.Certificate;
            audit.Record(new AuditEntry(
                "certificates.change",
                other.Name,
                AuditEntry.Done,
                Who: null,
                From: null,
                $"{certificate.Subject}, thumbprint {certificate.Thumbprint}, valid until {certificate.NotAfter.ToUniversalTime():u}"));
        }
    }

    // Made here rather than in a handshake: with a supplied one it may ask the authority whether it still holds.
    private void Serve(ServerCertificate certificate) =>
        Volatile.Write(ref _current, new ServedCertificate(certificate, SslStreamCertificateContext.Create(certificate.Certificate, certificate.Chain)));

    [LoggerMessage(4007, LogLevel.Error, "The folder of certificates cannot be looked at: {Problem}")]
    private partial void LogNotLookedAt(string problem);
}

/// <summary>A certificate in the form in which connections get it.</summary>
/// <param name="Certificate">The certificate.</param>
/// <param name="Context">The same with its chain, for the handshake.</param>
internal sealed record ServedCertificate(ServerCertificate Certificate, SslStreamCertificateContext Context);
