using System.Globalization;
using System.Text;

namespace ClientFailover.Service.Hosting;

/// <summary>Responsible for what <c>--help</c> prints.</summary>
internal static class HelpText
{
    /// <summary>The version of the service.</summary>
    public static string Version { get; } = typeof(HelpText).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    /// <summary>The text.</summary>
    /// <returns>Usage and every setting with its default.</returns>
    public static string Create()
    {
        var defaults = new ServiceOptions();
        var text = new StringBuilder()
            .AppendLine("Client Failover service")
            .AppendLine()
            .AppendLine("Commands:")
            .AppendLine();
        foreach (var (name, meaning) in Commands.All)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {name,-17} {meaning}");
        }

        text.AppendLine()
            .AppendLine("  --Name value      sets one of the settings below")
            .AppendLine("  --help            prints this")
            .AppendLine("  --version         prints the version")
            .AppendLine()
            .AppendLine("Exit codes:")
            .AppendLine();
        foreach (var (code, meaning) in ExitCodes.All)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {code}  {meaning}");
        }

        text.AppendLine()
            .AppendLine("Settings, also section ClientFailover of appsettings.json and environment ClientFailover__Name:")
            .AppendLine();
        foreach (var property in SettingsBinder.Settings.Values)
        {
            var value = System.Convert.ToString(property.GetValue(defaults), CultureInfo.InvariantCulture);
            text.AppendLine(CultureInfo.InvariantCulture, $"  {property.Name,-30} {(string.IsNullOrEmpty(value) ? "(not set)" : value)}");
        }

        return text.ToString();
    }
}
