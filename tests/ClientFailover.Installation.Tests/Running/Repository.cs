using System.Reflection;
using System.Xml.Linq;

namespace ClientFailover.Installation.Tests.Running;

/// <summary>What these tests take from the repository.</summary>
internal static class Repository
{
    /// <summary>Where it is.</summary>
    public static string Path { get; } = System.IO.Path.GetFullPath(
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Repository").Value!);

    /// <summary>The version that is built from it.</summary>
    public static string Version { get; } = XDocument.Load(File("Directory.Build.props")).Descendants("Version").Single().Value;

    /// <summary>The path of something in it.</summary>
    /// <param name="parts">Its path.</param>
    public static string File(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);
}
