using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClientFailover.Service.Hosting;

namespace ClientFailover.Service.Identity.Certificate;

/// <summary>Whose certificates are taken, as the files said at some time. Nothing that the operating system trusts counts.</summary>
internal sealed class TrustedIssuers
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly X509Certificate2Collection _roots = [];
    private readonly X509Certificate2Collection _others = [];
    private readonly IReadOnlyList<RevocationList>? _lists;

    private TrustedIssuers(X509Certificate2Collection issuers, IReadOnlyList<RevocationList>? lists)
    {
        foreach (var issuer in issuers)
        {
            (IsRoot(issuer) ? _roots : _others).Add(issuer);
        }

        _lists = lists;
    }

    /// <summary>Reads the files.</summary>
    /// <param name="options">Where they are.</param>
    /// <returns>What they say.</returns>
    /// <exception cref="CryptographicException">One of them is not what it should be.</exception>
    /// <exception cref="IOException">One of them cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">One of them may not be read.</exception>
    public static TrustedIssuers Read(ServiceOptions options)
    {
        var issuers = new X509Certificate2Collection();
        issuers.ImportFromPemFile(options.ClientCertificateIssuers);
        if (!issuers.Any(IsRoot))
        {
            throw new CryptographicException($"{options.ClientCertificateIssuers} has no root certificate (one that is issued by itself) in PEM.");
        }

        try
        {
            return new TrustedIssuers(
                issuers,
                options.ClientCertificateRevocationList.Length == 0 ? null : RevocationList.Read(options.ClientCertificateRevocationList, issuers));
        }
        catch (CryptographicException e)
        {
            throw new CryptographicException($"{options.ClientCertificateRevocationList} cannot be used: {e.Message}", e);
        }
    }

    /// <summary>When the first of the lists went past its time that did so between two looks.</summary>
    /// <param name="seen">The time of the look before.</param>
    /// <param name="now">The time.</param>
    /// <returns>When it did; null: none did.</returns>
    public DateTime? Passed(DateTime seen, DateTime now) => _lists?.Where(l => l.NextUpdate >= seen && l.NextUpdate < now).Min(l => l.NextUpdate);

    /// <summary>The same, as another object: what was judged by this one is judged anew.</summary>
    /// <returns>The same.</returns>
    public TrustedIssuers Again() => new([.. _roots, .. _others], _lists);

    /// <summary>Judges a certificate.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="now">The time.</param>
    /// <returns>Why it is refused, in plain words; null: it is good.</returns>
    public string? Refusal(X509Certificate2 certificate, DateTime now)
    {
        using var chain = new X509Chain { ChainPolicy = NewPolicy(now) };
        try
        {
            return chain.Build(certificate)
                ? RefusalByList(chain.ChainElements, now)
                : string.Join(" ", chain.ChainStatus.Select(s => s.StatusInformation.Trim()));
        }
        finally
        {
            foreach (var element in chain.ChainElements)
            {
                element.Certificate.Dispose();
            }
        }
    }

    private static bool IsRoot(X509Certificate2 certificate) => certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);

    private X509ChainPolicy NewPolicy(DateTime now)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            VerificationTime = now,
            VerificationTimeIgnored = false,

            // Lists come from the file alone, and nothing is fetched from wherever a caller's certificate says.
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(_roots);
        policy.ExtraStore.AddRange(_others);
        policy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        return policy;
    }

    private string? RefusalByList(X509ChainElementCollection chain, DateTime now)
    {
        if (_lists is null)
        {
            return null;
        }

        // All but the root, which nobody else can revoke.
        foreach (var certificate in chain.SkipLast(1).Select(e => e.Certificate))
        {
            var lists = _lists.Where(l => l.IsOfIssuerOf(certificate)).ToList();
            if (lists.Any(l => l.Revokes(certificate)))
            {
                return "It is revoked.";
            }

            if (!lists.Any(l => l.IsCurrent(now)))
            {
                return $"There is no current list of what {certificate.Issuer} has revoked.";
            }
        }

        return null;
    }
}
