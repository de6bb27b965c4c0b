using System.Security.Cryptography;
using ClientFailover.Service.Hosting;

namespace ClientFailover.Service.Certificates;

/// <summary>
/// Responsible for the folder <c>Certificates</c> of the data directory: <c>name.crt</c> with <c>Keys/name.key</c>. A
/// pair that somebody supplied beats a generated one; of several the latest that is already valid is taken. What cannot
/// be used is moved to <c>Archive</c>, never deleted; it stays where it is in a folder that cannot be written. A certificate and
/// a key of which only one has been replaced are left some time for the other to come.
/// </summary>
internal sealed partial class CertificateFolder
{
    /// <summary>Its name in the data directory.</summary>
    public const string Name = "Certificates";

    /// <summary>Name of the folder of keys in it.</summary>
    public const string KeysName = "Keys";

    private readonly string _directory;
    private readonly string _keys;
    private readonly string _archive;
    private readonly string _generatedName;
    private readonly TimeProvider _time;
    private readonly ILogger<CertificateFolder> _log;

    // Certificates that something was said about: not again each time the folder is read.
    private readonly HashSet<string> _told = [];

    /// <summary>Creates it; touches no file.</summary>
    /// <param name="data">The data directory.</param>
    /// <param name="options">The name of the generated certificate.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">The log.</param>
    public CertificateFolder(DataDirectory data, ServiceOptions options, TimeProvider time, ILogger<CertificateFolder> log)
    {
        _directory = data.File(Name);
        _keys = Path.Combine(_directory, KeysName);
        _archive = Path.Combine(_directory, "Archive");
        _generatedName = options.CertificateName;
        _time = time;
        _log = log;
    }

    /// <summary>The certificate to serve with. Generates one if there is none.</summary>
    /// <param name="names">Whom to generate one for.</param>
    /// <returns>The certificate.</returns>
    public ServerCertificate Load(Func<HostNames> names)
    {
        PrivateFiles.CreateDirectory(_directory);
        PrivateFiles.CreateDirectory(_keys);
        return Announce(Best(ReadAll(out _)) ?? Generate(names()));
    }

    /// <summary>The certificate to go on with, after files were changed. Generates none.</summary>
    /// <param name="current">The one that is served with.</param>
    /// <param name="isComplete">Whether every pair could be read; false: somebody has yet to allow it.</param>
    /// <returns>The certificate; null: that one still, or no other.</returns>
    public ServerCertificate? LoadOther(ServerCertificate current, out bool isComplete)
    {
        var certificates = ReadAll(out isComplete);
        if (_waiting.Contains(CertificateOf(current.Name)))
        {
            // It is being replaced: until then no lesser one is better than it.
            certificates.Add(current);
        }

        return Best(certificates) is { } best && !best.IsSameAs(current) ? Announce(best) : null;
    }

    /// <summary>What is there, by the looks of the files: equal if nothing was changed.</summary>
    /// <returns>Each file's name, time and length.</returns>
    public IReadOnlyList<FileVersion> Versions() =>
    [
        .. new DirectoryInfo(_directory).EnumerateFiles("*.crt").Concat(new DirectoryInfo(_keys).EnumerateFiles("*.key"))
            .Select(VersionOf)
            .OrderBy(f => f.Path, StringComparer.Ordinal),
    ];

    /// <summary>Which of several is served with.</summary>
    /// <param name="certificates">They.</param>
    /// <param name="now">Now, UTC.</param>
    /// <returns>The one; null: there are none.</returns>
    public static ServerCertificate? Best(IEnumerable<ServerCertificate> certificates, DateTime now) => certificates
        .OrderBy(c => c.IsGenerated)
        .ThenByDescending(c => c.Certificate.NotBefore.ToUniversalTime() <= now)
        .ThenByDescending(c => c.Certificate.NotBefore.ToUniversalTime())
        .ThenBy(c => c.Name, StringComparer.Ordinal)
        .FirstOrDefault();

    private ServerCertificate Announce(ServerCertificate certificate)
    {
        LogServing(certificate.Name, certificate.Certificate.Subject, certificate.Certificate.NotAfter.ToUniversalTime());
        var key = KeyOf(certificate.Name);
        if (!PrivateFiles.IsPrivate(key))
        {
            LogKeyNotPrivate(key);
        }

        return certificate;
    }

    private ServerCertificate? Best(IEnumerable<ServerCertificate> certificates) => Best(certificates, _time.GetUtcNow().UtcDateTime);

    private List<ServerCertificate> ReadAll(out bool isComplete)
    {
        isComplete = true;
        var certificates = new List<ServerCertificate>();
        var mismatched = new HashSet<string>();
        _waiting.Clear();
        foreach (var path in Directory.EnumerateFiles(_directory, "*.crt").Order(StringComparer.Ordinal))
        {
            var key = KeyOf(Path.GetFileNameWithoutExtension(path));
            if (!File.Exists(key))
            {
                // Not wrong by itself: the key may be on its way, or it is the certificate of an authority.
                if (_told.Add(path))
                {
                    LogWithoutKey(path, key);
                }

                continue;
            }

            try
            {
                certificates.Add(ServerCertificate.Load(path, key));
                _told.Remove(path);
                _kept.Remove(path);
                _mismatched.Remove(path);
            }
            catch (KeyMismatchException e)
            {
                mismatched.Add(path);
                if (WaitOrArchive(path, key, e.Message))
                {
                    _waiting.Add(path);
                    isComplete = false;
                }
            }
            catch (CryptographicException e)
            {
                ArchiveInvalid(path, key, e.Message);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                isComplete = false;
                if (_told.Add(path))
                {
                    LogNotReadable(path, e.Message);
                }
            }
        }

        // Of a pair that was taken away nothing is remembered: it was not to be served any more.
        foreach (var gone in _mismatched.Keys.Except(mismatched).ToList())
        {
            _mismatched.Remove(gone);
        }

        return certificates;
    }

    private ServerCertificate Generate(HostNames names)
    {
        var certificate = CertificateOf(_generatedName);
        var key = KeyOf(_generatedName);
        if (File.Exists(certificate) && File.Exists(key))
        {
            // Its place is needed now.
            LogInvalid(certificate, "They are no pair that can be used.", Archive(certificate, key));
        }
        else if (File.Exists(certificate) || File.Exists(key))
        {
            LogIncomplete(_generatedName, Archive(certificate, key));
        }

        // The key first: a certificate counts from the moment it is there.
        var pem = SelfSignedCertificate.Generate(names, _time.GetUtcNow());
        DurableFile.Write(key, pem.Key);
        DurableFile.Write(certificate, pem.Certificate, isPublic: true);
        LogGenerated(certificate, string.Join(", ", [.. names.DnsNames, .. names.Addresses.Select(a => a.ToString())]));
        return ServerCertificate.Load(certificate, key);
    }

    // Of what links lead to: the link itself stays the same when that is replaced (certbot, secrets that Kubernetes mounts).
    private static FileVersion VersionOf(FileInfo file)
    {
        var target = TargetOf(file);
        return new FileVersion(file.FullName, target.FullName, target.LastWriteTimeUtc, target.Exists ? target.Length : 0);
    }

    private static FileInfo TargetOf(FileInfo file)
    {
        try
        {
            return file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
        }
        catch (IOException)
        {
            // It leads back to itself: what is read from it will tell.
            return file;
        }
    }

    private string CertificateOf(string name) => Path.Combine(_directory, name + ".crt");

    private string KeyOf(string name) => Path.Combine(_keys, name + ".key");
}

/// <summary>What a file looks like from outside.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Target">The path of what is read: another one if it is a link.</param>
/// <param name="Written">When that was last written, UTC.</param>
/// <param name="Length">Its length in bytes.</param>
internal readonly record struct FileVersion(string Path, string Target, DateTime Written, long Length);
