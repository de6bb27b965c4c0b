using System.Globalization;

namespace ClientFailover.Benchmarks.Buffer;

/// <summary>Responsible for telling how much this process has given to the disk to write.</summary>
internal static class DiskWrites
{
    private const string File = "/proc/self/io";
    private const string Name = "write_bytes: ";

    /// <summary>Bytes, since it started.</summary>
    /// <returns>Not a number where the system does not tell.</returns>
    public static double Read() => System.IO.File.Exists(File)
        ? double.Parse(System.IO.File.ReadLines(File).First(l => l.StartsWith(Name, StringComparison.Ordinal))[Name.Length..], CultureInfo.InvariantCulture)
        : double.NaN;
}
