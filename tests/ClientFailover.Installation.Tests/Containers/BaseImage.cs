using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using ClientFailover.Installation.Tests.Running;

namespace ClientFailover.Installation.Tests.Containers;

/// <summary>
/// Responsible for an image to build on where none can be fetched: the libraries of this machine that the service uses, a user, and
/// nothing else. What is published is built on such an image of the runtime's makers.
/// </summary>
internal sealed partial class BaseImage
{
    /// <summary>The media type of the manifest.</summary>
    public const string ManifestType = "application/vnd.docker.distribution.manifest.v2+json";

    private const string ConfigType = "application/vnd.docker.container.image.v1+json";
    private const string LayerType = "application/vnd.docker.image.rootfs.diff.tar.gzip";

    private readonly Dictionary<string, byte[]> _blobs = [];

    /// <summary>Its manifest.</summary>
    public byte[] Manifest { get; private set; } = [];

    /// <summary>What it consists of, by digest.</summary>
    public IReadOnlyDictionary<string, byte[]> Blobs => _blobs;

    /// <summary>The digest of some bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    public static string DigestOf(byte[] bytes) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}";

    /// <summary>Makes one for a program.</summary>
    /// <param name="executable">The program.</param>
    public static async Task<BaseImage> CreateAsync(string executable)
    {
        // OpenSSL is loaded by name when it is needed.
        var libraries = Library().Matches(await Shell.RunAsync("ldd", executable)).Select(m => m.Groups[1].Value).ToList();
        var known = await Shell.RunAsync("ldconfig", "-p");
        foreach (var name in new[] { "libssl.so.3", "libcrypto.so.3" })
        {
            libraries.Add(Regex.Match(known, $@"{Regex.Escape(name)} \(libc6,x86-64\) => (\S+)").Groups[1].Value);
        }

        using var tar = new MemoryStream();
        await using (var writer = new TarWriter(tar, leaveOpen: true))
        {
            foreach (var path in libraries.Distinct(StringComparer.Ordinal))
            {
                await WriteAsync(writer, path.TrimStart('/'), await File.ReadAllBytesAsync(path));
            }

            await WriteAsync(writer, "etc/passwd", "app:x:1654:1654::/home/app:/bin/false\n"u8.ToArray());
        }

        var image = new BaseImage();
        var layer = image.Add(Compress(tar.ToArray()));
        var config = image.Add(JsonSerializer.SerializeToUtf8Bytes(new
        {
            architecture = "amd64",
            os = "linux",
            config = new { Env = new[] { "PATH=/bin" } },
            rootfs = new { type = "layers", diff_ids = new[] { DigestOf(tar.ToArray()) } },
            history = new[] { new { created_by = "test" } },
        }));
        image.Manifest = JsonSerializer.SerializeToUtf8Bytes(new
        {
            schemaVersion = 2,
            mediaType = ManifestType,
            config = new { mediaType = ConfigType, size = image._blobs[config].Length, digest = config },
            layers = new[] { new { mediaType = LayerType, size = image._blobs[layer].Length, digest = layer } },
        });
        return image;
    }

    [GeneratedRegex(@"(/\S+)(?= \(0x)")]
    private static partial Regex Library();

    private static byte[] Compress(byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (var stream = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            stream.Write(bytes);
        }

        return compressed.ToArray();
    }

    private static async Task WriteAsync(TarWriter writer, string name, byte[] content) => await writer.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, name)
    {
        DataStream = new MemoryStream(content),
        Mode = (UnixFileMode)Convert.ToInt32("755", 8),
    });

    private string Add(byte[] blob)
    {
        var digest = DigestOf(blob);
        _blobs[digest] = blob;
        return digest;
    }
}
