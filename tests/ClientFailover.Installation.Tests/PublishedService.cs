using ClientFailover.Installation.Tests.Running;
using NUnit.Framework;

namespace ClientFailover.Installation.Tests;

/// <summary>Responsible for the service as a release publishes it: made once for all tests, apart from the repository's own output.</summary>
[SetUpFixture]
internal sealed class PublishedService
{
    private static readonly Lazy<TemporaryFolder> Folder = new(() => new TemporaryFolder());
    private static readonly Lazy<Task<string>> Linux = new(() => PublishAsync("linux-x64"));

    /// <summary>The program that runs builds.</summary>
    public static string DotNet { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>The folder of the service for Linux on x64.</summary>
    public static Task<string> ForLinuxAsync() => Linux.Value;

    /// <summary>Publishes with more than the profile says; what was compiled before is not compiled again.</summary>
    /// <param name="profile">The name of the profile.</param>
    /// <param name="more">More of the command line.</param>
    /// <returns>The folder.</returns>
    public static async Task<string> PublishAsync(string profile, params string[] more)
    {
        var folder = Folder.Value.File(profile);
        await Shell.RunAsync(
            DotNet,
            [
                "publish", Repository.File("src", "ClientFailover.Service"), $"-p:PublishProfile={profile}", "--artifacts-path", Folder.Value.File("artifacts"),
                "-o", folder, "-p:RunAnalyzers=false", "-nodeReuse:false", "-v", "quiet", .. more,
            ]);
        return folder;
    }

    [OneTimeTearDown]
    public void Remove()
    {
        if (Folder.IsValueCreated)
        {
            Folder.Value.Dispose();
        }
    }
}
