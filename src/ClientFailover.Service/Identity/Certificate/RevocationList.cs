using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;
using X509Name = Org.BouncyCastle.Asn1.X509.X509Name;

namespace ClientFailover.Service.Identity.Certificate;

/// <summary>A list of revoked certificates (RFC 5280), signed by one of the trusted issuers.</summary>
internal sealed class RevocationList
{
    private const int SignsLists = 6;

    private readonly X509Crl _list;
    private readonly HashSet<BigInteger> _revoked;

    private RevocationList(X509Crl list)
    {
        _list = list;
        _revoked = [.. list.GetRevokedCertificates()?.Select(e => e.SerialNumber) ?? []];
    }

    /// <summary>When the next one should have come; null: it does not say.</summary>
    public DateTime? NextUpdate => _list.NextUpdate;

    /// <summary>Reads lists, and checks whose they are.</summary>
    /// <param name="path">A file of one list in DER, or of any number in PEM.</param>
    /// <param name="issuers">Who may have signed them.</param>
    /// <returns>The lists.</returns>
    /// <exception cref="CryptographicException">There is none, one is malformed, or none of the issuers signed it.</exception>
    public static IReadOnlyList<RevocationList> Read(string path, X509Certificate2Collection issuers)
    {
        try
        {
            using var file = File.OpenRead(path);
            var lists = new X509CrlParser().ReadCrls(file);
            foreach (var list in lists)
            {
                Check(list, issuers);
            }

            return lists.Count > 0 ? [.. lists.Select(l => new RevocationList(l))] : throw new CryptographicException("There is no list in it.");
        }
        catch (Exception e) when (e is GeneralSecurityException or ArgumentException or InvalidCastException or InvalidOperationException)
        {
            throw new CryptographicException($"It is no list of revoked certificates: {e.Message}", e);
        }
    }

    /// <summary>Whether it is the list of a certificate's issuer.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <returns>Whether it is.</returns>
    public bool IsOfIssuerOf(X509Certificate2 certificate) => X509Name.GetInstance(certificate.IssuerName.RawData).Equivalent(_list.IssuerDN);

    /// <summary>Whether it tells how things stand at a time.</summary>
    /// <param name="now">The time.</param>
    /// <returns>False: it has not begun, or the next one should have come.</returns>
    public bool IsCurrent(DateTime now) => _list.ThisUpdate <= now && !(_list.NextUpdate < now);

    /// <summary>Whether a certificate of its issuer is revoked.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <returns>Whether it is.</returns>
    public bool Revokes(X509Certificate2 certificate) => _revoked.Contains(new BigInteger(1, certificate.SerialNumberBytes.Span));

    private static void Check(X509Crl list, X509Certificate2Collection issuers)
    {
        // Whatever is critical changes what the list means: a part of the certificates only, or a difference to another list.
        if (list.GetCriticalExtensionOids() is { Count: > 0 } critical)
        {
            throw new CryptographicException($"It has an extension that is not supported ({string.Join(", ", critical)}).");
        }

        if (!issuers.Any(i => HasSigned(list, i)))
        {
            throw new CryptographicException($"The list of {list.IssuerDN} was signed by none of the issuers that may.");
        }
    }

    private static bool HasSigned(X509Crl list, X509Certificate2 issuer)
    {
        var certificate = new X509CertificateParser().ReadCertificate(issuer.RawData);
        if (!certificate.SubjectDN.Equivalent(list.IssuerDN) || certificate.GetKeyUsage() is { } usage && !usage[SignsLists])
        {
            return false;
        }

        try
        {
            list.Verify(certificate.GetPublicKey());
            return true;
        }
        catch (GeneralSecurityException)
        {
            return false;
        }
    }
}
