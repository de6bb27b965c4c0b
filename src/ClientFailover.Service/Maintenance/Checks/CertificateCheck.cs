using System.Globalization;
using System.Security.Cryptography;
using ClientFailover.Service.Certificates;
using ClientFailover.Service.Hosting;

namespace ClientFailover.Service.Maintenance.Checks;

/// <summary>Responsible for looking at the TLS certificates. Moves none aside, unlike the service.</summary>
internal static class CertificateCheck
{
    private const string Name = "certificate";

    /// <summary>Checks them.</summary>
    /// <param name="directory">The data directory.</param>
    /// <param name="now">Now, UTC.</param>
    /// <returns>What was found.</returns>
    public static IEnumerable<CheckResult> Run(string directory, DateTime now)
    {
        var folder = Path.Combine(directory, CertificateFolder.Name);
        var results = new List<CheckResult>();
        var pairs = Directory.Exists(folder) ? Read(folder, results) : [];
        var best = CertificateFolder.Best(pairs, now);
        if (best is null)
        {
            results.Add(CheckResult.Warning(Name, "There is no certificate.", $"The service makes one at its next start; to use your own, put it into {folder}."));
            return results;
        }

        results.Add(Judge(best, now));
        if (PathOfKey(folder, best.Name) is var key && !PrivateFiles.IsPrivate(key))
        {
            results.Add(CheckResult.Warning(Name, $"Other accounts may read {key}.", "Take it from them: chmod 600."));
        }

        return results;
    }

    private static List<ServerCertificate> Read(string folder, List<CheckResult> results)
    {
        var pairs = new List<ServerCertificate>();
        foreach (var path in Directory.EnumerateFiles(folder, "*.crt").Order(StringComparer.Ordinal))
        {
            var key = PathOfKey(folder, Path.GetFileNameWithoutExtension(path));
            try
            {
                if (File.Exists(key))
                {
                    pairs.Add(ServerCertificate.Load(path, key));
                }
                else
                {
                    results.Add(CheckResult.Warning(Name, $"{Path.GetFileName(path)} has no key {key}; it is not used.", "Put its key there, or remove it."));
                }
            }
            catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
            {
                results.Add(CheckResult.Error(Name, $"{Path.GetFileName(path)} cannot be used: {e.Message}", "Put a valid pair in its place; the service moves this one aside."));
            }
        }

        return pairs;
    }

    private static CheckResult Judge(ServerCertificate certificate, DateTime now)
    {
        var (begin, end) = (certificate.Certificate.NotBefore.ToUniversalTime(), certificate.Certificate.NotAfter.ToUniversalTime());
        var what = $"{certificate.Name}, {certificate.Certificate.Subject}{(certificate.IsGenerated ? " (generated)" : "")}";
        var text = string.Create(CultureInfo.InvariantCulture, $"{what}, is valid until {end:u}.");
        if (now > end)
        {
            return CheckResult.Error(Name, string.Create(CultureInfo.InvariantCulture, $"{what}, expired at {end:u}."), "Put a new pair into the folder of certificates; the service takes it within half a minute.");
        }

        if (now < begin)
        {
            return CheckResult.Error(Name, string.Create(CultureInfo.InvariantCulture, $"{what}, is valid only from {begin:u}."), "Set the clock of this machine, or put a valid pair into the folder.");
        }

        return end - now < CertificateExpiry.Notice
            ? CheckResult.Warning(Name, text, "Put a new pair into the folder of certificates before that.")
            : CheckResult.Ok(Name, text);
    }

    private static string PathOfKey(string folder, string name) => Path.Combine(folder, CertificateFolder.KeysName, name + ".key");
}
