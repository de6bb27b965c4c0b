using System.Globalization;
using System.Security.Cryptography;
using ClientFailover.Service.Hosting;

namespace ClientFailover.Service.Certificates;

/// <summary>
/// Responsible for the folder <c>Certificates</c> of the data directory: <c>name.crt</c> with <c>Keys/name.key</c>. A
/// pair that somebody supplied beats a generated one; of several the latest that is already valid is taken. What cannot
/// be used is moved to <c>Archive</c>, never deleted; it stays where it is in a folder that cannot be written.
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

    // Pairs that are not valid and could not be moved: told once.
    private readonly HashSet<string> _kept = [];

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
    public ServerCertificate? LoadOther(ServerCertificate current, out bool isComplete) =>
        Best(ReadAll(out isComplete)) is { } best && !best.IsSameAs(current) ? Announce(best) : null;

    /// <summary>What is there, by the looks of the files: equal if nothing was changed.</summary>
    /// <returns>Each file's name, time and length.</returns>
    public IReadOnlyList<FileVersion> Versions() =>
    [
        .. new DirectoryInfo(_directory).EnumerateFiles("*.crt").Concat(new DirectoryInfo(_keys).EnumerateFiles("*.key"))
            .Select(f => new FileVersion(f.FullName, f.LastWriteTimeUtc, f.Length))
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

        return certificates;
    }

    // One that cannot be moved is no reason not to serve with another.
    private void ArchiveInvalid(string path, string key, string problem)
    {
        try
        {
            LogInvalid(path, problem, Archive(path, key));
            _kept.Remove(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (_kept.Add(path))
            {
                LogInvalidKept(path, problem, e.Message);
            }
        }
    }

    private ServerCertificate Generate(HostNames names)
    {
        var certificate = Path.Combine(_directory, _generatedName + ".crt");
        var key = KeyOf(_generatedName);
        if (File.Exists(certificate) || File.Exists(key))
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

    private string Archive(string certificate, string key)
    {
        PrivateFiles.CreateDirectory(_archive);
        var stamp = _time.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var name = $"{Path.GetFileNameWithoutExtension(certificate)}-{stamp}";
        for (var number = 2; File.Exists(Path.Combine(_archive, name + ".crt")) || File.Exists(Path.Combine(_archive, name + ".key")); number++)
        {
            name = $"{Path.GetFileNameWithoutExtension(certificate)}-{stamp}-{number}";
        }

        foreach (var file in (string[])[certificate, key])
        {
            if (File.Exists(file))
            {
                File.Move(file, Path.Combine(_archive, name + Path.GetExtension(file)));
            }
        }

        return Path.Combine(_archive, name);
    }

    private string KeyOf(string name) => Path.Combine(_keys, name + ".key");
}

/// <summary>What a file looks like from outside.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Written">When it was last written, UTC.</param>
/// <param name="Length">Its length in bytes.</param>
internal readonly record struct FileVersion(string Path, DateTime Written, long Length);
