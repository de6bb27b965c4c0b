using System.Reflection;

namespace ClientFailover.Client.Connection;

/// <summary>What is known of the program that this library is part of, without being told.</summary>
internal static class AdapterProgram
{
    private const int LongestVersion = 64;

    /// <summary>Its name.</summary>
    public static string Name { get; } = Assembly.GetEntryAssembly()?.GetName().Name is { Length: > 0 } name ? name : "Adapter";

    /// <summary>Its version.</summary>
    public static string Version { get; } = VersionOf(Assembly.GetEntryAssembly());

    /// <summary>The version of this library.</summary>
    public static string LibraryVersion { get; } = VersionOf(typeof(AdapterProgram).Assembly);

    /// <summary>The id of a session that is not configured: as adapters in the field have it.</summary>
    public static string SessionId => $"{Environment.MachineName}.{Name}";

    /// <summary>The name of a session that is not configured.</summary>
    public static string SessionName => $"{Environment.MachineName} {Name}";

    private static string VersionOf(Assembly? assembly)
    {
        var version = assembly?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
        return version.Length > LongestVersion ? version[..LongestVersion] : version;
    }
}
