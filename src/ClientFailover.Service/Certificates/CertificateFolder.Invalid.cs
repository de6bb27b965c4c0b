using System.Globalization;
using ClientFailover.Service.Hosting;

namespace ClientFailover.Service.Certificates;

/// <content>What becomes of files that cannot be used.</content>
internal sealed partial class CertificateFolder
{
    /// <summary>How long a certificate and a key that do not belong together must not have changed before they are moved away.</summary>
    public static readonly TimeSpan MismatchPatience = TimeSpan.FromMinutes(10);

    // Pairs that are not valid and could not be moved: told once.
    private readonly HashSet<string> _kept = [];

    // Certificates whose key is another's: what both files looked like when that was first seen, and when it was.
    private readonly Dictionary<string, (FileVersion Certificate, FileVersion Key, long SeenAt)> _mismatched = [];

    // Those that are waited for, of which somebody is replacing one file after the other.
    private readonly HashSet<string> _waiting = [];

    /// <returns>Whether it waits.</returns>
    private bool WaitOrArchive(string path, string key, string problem)
    {
        var (certificate, keyFile) = (VersionOf(new FileInfo(path)), VersionOf(new FileInfo(key)));
        if (!_mismatched.TryGetValue(path, out var seen) || (seen.Certificate, seen.Key) != (certificate, keyFile))
        {
            _mismatched[path] = (certificate, keyFile, _time.GetTimestamp());
            LogMismatch(path, problem, MismatchPatience);
            return true;
        }

        if (_time.GetElapsedTime(seen.SeenAt) < MismatchPatience)
        {
            return true;
        }

        ArchiveInvalid(path, key, problem);
        return false;
    }

    // One that cannot be moved is no reason not to serve with another.
    private void ArchiveInvalid(string path, string key, string problem)
    {
        try
        {
            LogInvalid(path, problem, Archive(path, key));
            _kept.Remove(path);
            _mismatched.Remove(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (_kept.Add(path))
            {
                LogInvalidKept(path, problem, e.Message);
            }
        }
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
}
