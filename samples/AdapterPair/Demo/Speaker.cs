namespace ClientFailover.Samples.AdapterPair.Demo;

/// <summary>Who a line of the demo is about.</summary>
/// <param name="Name">At most eight characters.</param>
/// <param name="Colour">The terminal's escape sequence.</param>
internal sealed record Speaker(string Name, string Colour)
{
    public const string Red = "\e[31m";
    public const string Green = "\e[32m";

    public static readonly Speaker Demo = new("Demo", "\e[1m");
    public static readonly Speaker Kill = new("Demo", "\e[1;31m");
    public static readonly Speaker Service = new("Service", "\e[34m");
    public static readonly Speaker Group = new("Group", "\e[1;33m");
    public static readonly Speaker Rest = new("Rest", "\e[36m");
    public static readonly Speaker Stream = new("Stream", "\e[35m");
}
