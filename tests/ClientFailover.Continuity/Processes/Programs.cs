using System.Reflection;

namespace ClientFailover.Continuity.Processes;

/// <summary>Where the programs are that the bench starts, as they were built along with it.</summary>
internal static class Programs
{
    /// <summary>This program, which is also the adapters.</summary>
    public static string Bench { get; } = typeof(Programs).Assembly.Location;

    /// <summary>The destination.</summary>
    public static string Receiver { get; } = Path.GetFullPath(
        typeof(Programs).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "ReceiverPath").Value!);
}
