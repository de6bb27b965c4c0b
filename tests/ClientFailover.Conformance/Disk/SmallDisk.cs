using System.Diagnostics;
using NUnit.Framework;

namespace ClientFailover.Conformance.Disk;

/// <summary>
/// Responsible for a real file system of a few megabytes that a test can fill to the last byte. Only an administrator
/// of a Linux machine may mount one; elsewhere the tests that need it say that they could not run.
/// </summary>
internal sealed class SmallDisk : IDisposable
{
    private const int Size = 4 * 1024 * 1024;
    private const string Filler = "filler";

    private SmallDisk(string path) => Path = path;

    /// <summary>Where it is mounted.</summary>
    public string Path { get; }

    /// <summary>Mounts one.</summary>
    public static SmallDisk Mount()
    {
        Assume.That(OperatingSystem.IsLinux(), "A small disk can be mounted on Linux only.");
        Assume.That(Environment.UserName, Is.EqualTo("root"), "Only root can mount a small disk.");
        var path = Directory.CreateTempSubdirectory("client-failover-disk-").FullName;
        var (exitCode, error) = Run("mount", "-t", "tmpfs", "-o", $"size={Size},mode=0700", "tmpfs", path);
        if (exitCode != 0)
        {
            Directory.Delete(path);
            Assume.That(exitCode, Is.Zero, $"This machine does not allow to mount a small disk: {error}");
        }

        return new SmallDisk(path);
    }

    /// <summary>Leaves no byte free.</summary>
    public void Fill()
    {
        using var file = new FileStream(System.IO.Path.Combine(Path, Filler), FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            var block = new byte[4096];
            while (true)
            {
                file.Write(block);
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    /// <summary>Gives the space back.</summary>
    public void Free() => File.Delete(System.IO.Path.Combine(Path, Filler));

    /// <inheritdoc/>
    public void Dispose()
    {
        // Lazily: a process that was just killed may hold it for a moment longer.
        Run("umount", "--lazy", Path);
        Directory.Delete(Path);
    }

    private static (int ExitCode, string Error) Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error.Trim());
    }
}
