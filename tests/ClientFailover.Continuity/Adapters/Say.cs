namespace ClientFailover.Continuity.Adapters;

/// <summary>What an adapter's process says to the bench, a line each; everything else that it writes is for people.</summary>
internal static class Say
{
    /// <summary>Starts a line for the bench.</summary>
    public const string Mark = "@";

    /// <summary>It has taken a role.</summary>
    public const string Role = "role";

    /// <summary>Says that a role was taken, and when.</summary>
    public static void Took(string role, string? why) =>
        Console.WriteLine($"{Mark}{Role} {DateTimeOffset.UtcNow.UtcTicks} {role} {why}");

    /// <summary>Says something to people.</summary>
    public static void Line(string text) => Console.WriteLine($"{DateTimeOffset.UtcNow:HH:mm:ss.fff} {text}");
}
