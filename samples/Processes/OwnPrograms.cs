using System.Reflection;

namespace ClientFailover.Samples.Processes;

/// <summary>Responsible for finding programs of this repository, as they were built along with this assembly.</summary>
public static class OwnPrograms
{
    /// <summary>What starts a .dll.</summary>
    public static string Host { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>The arguments that start a program with <see cref="Host"/>.</summary>
    /// <param name="project">Its project, such as <c>samples/OmfReceiver</c>.</param>
    /// <param name="arguments">Its own arguments.</param>
    /// <returns>The arguments.</returns>
    public static string[] Start(string project, params IEnumerable<string> arguments) =>
        [Path.Combine(DirectoryOf(project), $"{Path.GetFileName(project)}.dll"), .. arguments];

    /// <summary>Where a project's output is.</summary>
    /// <param name="project">The project.</param>
    /// <returns>The directory.</returns>
    public static string DirectoryOf(string project) => Path.GetFullPath(Path.Combine(Metadata("Root"), project, Metadata("Output")));

    private static string Metadata(string key) => typeof(OwnPrograms).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == key).Value!;
}
