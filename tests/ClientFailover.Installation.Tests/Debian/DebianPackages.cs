using ClientFailover.Installation.Tests.Running;

namespace ClientFailover.Installation.Tests.Debian;

/// <summary>Responsible for the packages that are installed: one of this version, and one of a later.</summary>
internal sealed class DebianPackages : IDisposable
{
    /// <summary>A version that every one is older than.</summary>
    public const string Later = "99.0.0";

    private readonly TemporaryFolder _folder = new();

    private DebianPackages()
    {
    }

    /// <summary>Where they are.</summary>
    public string Path => _folder.Path;

    /// <summary>The name of the package of this version.</summary>
    public static string File => $"client-failover_{Repository.Version}_amd64.deb";

    /// <summary>The name of the later one.</summary>
    public static string LaterFile => $"client-failover_{Later}_amd64.deb";

    /// <summary>Builds them.</summary>
    public static async Task<DebianPackages> BuildAsync()
    {
        var packages = new DebianPackages();
        var published = await PublishedService.ForLinuxAsync();
        await BuildAsync(published, packages.Path);
        await BuildAsync(published, packages.Path, "--version", Later);
        return packages;
    }

    /// <summary>Builds a package, quickly rather than small.</summary>
    /// <param name="published">The folder of the published service.</param>
    /// <param name="output">Where the package goes.</param>
    /// <param name="more">More of the command line.</param>
    /// <returns>Its path.</returns>
    public static async Task<string> BuildAsync(string published, string output, params string[] more)
    {
        var built = await Shell.TryAsync(
            "sh",
            [Repository.File("src", "Packaging", "linux", "build-deb.sh"), "--published", published, "--output", output, .. more],
            environment: new Dictionary<string, string> { ["DPKG_DEB_COMPRESSOR_TYPE"] = "gzip", ["DPKG_DEB_COMPRESSOR_LEVEL"] = "1" });
        NUnit.Framework.Assert.That(built.ExitCode, NUnit.Framework.Is.Zero, built.Error);
        return built.Output.Trim();
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();
}
