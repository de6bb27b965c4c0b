namespace ClientFailover.Service.Hosting;

/// <summary>
/// Responsible for telling what is wrong with section <c>Logging</c>: the framework passes over names it does not know
/// and throws on levels it does not know, when half of the service has been built.
/// </summary>
internal static class LogSettings
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Logging";

    private const string Levels = "LogLevel";

    // Where the log goes: each may have levels of its own.
    private static readonly string[] Targets = ["Console", "EventLog"];

    /// <summary>Checks every name and level.</summary>
    /// <param name="section">The section <see cref="Section"/>.</param>
    /// <param name="mistakes">Receives the mistakes, each in plain words.</param>
    public static void Check(IConfigurationSection section, List<string> mistakes)
    {
        foreach (var setting in section.GetChildren())
        {
            if (IsNamed(setting, Levels))
            {
                CheckLevels(setting, mistakes);
            }
            else if (Targets.Any(t => IsNamed(setting, t)) && setting.GetChildren().All(s => IsNamed(s, Levels)))
            {
                CheckLevels(setting.GetSection(Levels), mistakes);
            }
            else
            {
                mistakes.Add($"{setting.Path} is not a setting of the log; {Section}:{Levels}:Default is one.");
            }
        }
    }

    private static bool IsNamed(IConfigurationSection setting, string name) => setting.Key.Equals(name, StringComparison.OrdinalIgnoreCase);

    private static void CheckLevels(IConfigurationSection levels, List<string> mistakes)
    {
        if (!string.IsNullOrEmpty(levels.Value))
        {
            mistakes.Add($"{levels.Path} must name a category, such as {levels.Path}:Default.");
        }

        foreach (var level in levels.GetChildren())
        {
            if (level.GetChildren().Any())
            {
                mistakes.Add($"{level.Path} must be a single value.");
            }
            else if (!string.IsNullOrEmpty(level.Value) && !Enum.GetNames<LogLevel>().Contains(level.Value, StringComparer.OrdinalIgnoreCase))
            {
                mistakes.Add($"{level.Path} is '{level.Value}'; it must be one of {string.Join(", ", Enum.GetNames<LogLevel>())}.");
            }
        }
    }
}
