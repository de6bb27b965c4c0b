using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ClientFailover.Service.Identity.Certificate;

/// <summary>A client's certificate. It counts until it expires or, by what the files say by then, is refused.</summary>
/// <param name="caller">Whose it is.</param>
/// <param name="certificate">The certificate.</param>
/// <param name="files">Tell whose certificates are taken.</param>
/// <param name="judgedBy">What it was found good by.</param>
/// <param name="time">The clock.</param>
internal sealed class CertificateCredential(
    Caller caller, X509Certificate2 certificate, IssuerFiles files, TrustedIssuers judgedBy, TimeProvider time) : VerifiedCredential(caller)
{
    private volatile TrustedIssuers _judgedBy = judgedBy;
    private volatile bool _isRefused;

    /// <inheritdoc/>
    public override bool IsRevoked
    {
        get
        {
            // Twice by two requests at once comes to the same.
            var current = files.Current;
            if (!ReferenceEquals(current, _judgedBy))
            {
                _isRefused = IsRefusedBy(current);
                _judgedBy = current;
            }

            return _isRefused;
        }
    }

    private bool IsRefusedBy(TrustedIssuers current)
    {
        try
        {
            return current.Refusal(certificate, time.GetUtcNow().UtcDateTime) is not null;
        }
        catch (CryptographicException)
        {
            // What cannot be judged is not good any more.
            return true;
        }
    }
}
