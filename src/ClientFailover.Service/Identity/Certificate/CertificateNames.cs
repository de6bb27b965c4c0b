using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;

namespace ClientFailover.Service.Identity.Certificate;

/// <summary>The names that a certificate gives its holder, in the form that settings have them.</summary>
/// <param name="Id">The name that it goes by: the first alternative one, else the subject.</param>
/// <param name="All">Each that a role can be mapped to; of a DNS name also that of all names beside it, <c>DNS:*.plant.example</c>.</param>
internal sealed record CertificateNames(string Id, IReadOnlyList<string> All)
{
    private const string AlternativeNames = "2.5.29.17";

    /// <summary>Reads them.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <returns>The names: <c>DNS:</c>, <c>email:</c>, <c>URI:</c> and the subject.</returns>
    /// <exception cref="CryptographicException">The certificate's alternative names are malformed.</exception>
    public static CertificateNames Of(X509Certificate2 certificate)
    {
        List<string> alternatives;
        try
        {
            alternatives = [.. Alternatives(certificate)];
        }
        catch (Exception e) when (e is ArgumentException or IOException or InvalidCastException)
        {
            throw new CryptographicException("Its alternative names are malformed.", e);
        }

        return new CertificateNames(
            alternatives.Count > 0 ? alternatives[0] : certificate.Subject,
            [.. alternatives, .. alternatives.Select(Siblings).OfType<string>(), certificate.Subject]);
    }

    private static IEnumerable<string> Alternatives(X509Certificate2 certificate)
    {
        if (certificate.Extensions[AlternativeNames] is not { } extension)
        {
            yield break;
        }

        foreach (var name in GeneralNames.GetInstance(Asn1Object.FromByteArray(extension.RawData)).GetNames())
        {
            var kind = name.TagNo switch
            {
                GeneralName.DnsName => "DNS",
                GeneralName.Rfc822Name => "email",
                GeneralName.UniformResourceIdentifier => "URI",
                _ => null,
            };
            if (kind is not null && DerIA5String.GetInstance(name.Name).GetString() is { Length: > 0 } text && !text.Contains('*', StringComparison.Ordinal))
            {
                yield return $"{kind}:{text}";
            }
        }
    }

    private static string? Siblings(string name) =>
        name.StartsWith("DNS:", StringComparison.Ordinal) && name.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? $"DNS:*{name[dot..]}" : null;
}
