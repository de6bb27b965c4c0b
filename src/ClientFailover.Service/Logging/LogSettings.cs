namespace ClientFailover.Service.Logging;

/// <summary>
/// Responsible for section <c>Logging</c>, which names the levels of categories, for all outputs or for one. It tells what is
/// wrong there: the framework passes over names it does not know and throws on levels it does not know, when half of the
/// service has been built.
/// </summary>
internal static class LogSettings
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Logging";

    private const string Levels = "LogLevel";

    private static readonly string[] Names = ["Verbose", "Debug", "Information", "Warning", "Error", "Fatal", "None"];

    // The framework's own names.
    private static readonly Dictionary<string, string> Aliases =
        new(StringComparer.OrdinalIgnoreCase) { ["Verbose"] = nameof(LogLevel.Trace), ["Fatal"] = nameof(LogLevel.Critical) };

    /// <summary>Where the log goes: each may have levels of its own.</summary>
    public static IReadOnlyList<string> Outputs { get; } = [ConsoleLog.Name, FileLog.Name, "EventLog", "OpenTelemetry"];

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
            else if (Outputs.Any(o => IsNamed(setting, o)) && setting.GetChildren().All(s => IsNamed(s, Levels)))
            {
                CheckLevels(setting.GetSection(Levels), mistakes);
            }
            else
            {
                mistakes.Add($"{setting.Path} is not a setting of the log; {Section}:{Levels}:Default is one.");
            }
        }
    }

    /// <summary>The section in the framework's words.</summary>
    /// <param name="section">The section <see cref="Section"/>, free of mistakes.</param>
    /// <returns>The same levels.</returns>
    public static IConfiguration ToFramework(IConfigurationSection section) => new ConfigurationBuilder()
        .AddInMemoryCollection(section.AsEnumerable(makePathsRelative: true)
            .Where(s => s.Value is not null)
            .Select(s => KeyValuePair.Create(s.Key, (string?)Aliases.GetValueOrDefault(s.Value!, s.Value!))))
        .Build();

    private static bool IsNamed(IConfigurationSection setting, string name) => setting.Key.Equals(name, StringComparison.OrdinalIgnoreCase);

    private static bool IsLevel(string text) =>
        Names.Contains(text, StringComparer.OrdinalIgnoreCase) || Aliases.Values.Contains(text, StringComparer.OrdinalIgnoreCase);

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
            else if (!string.IsNullOrEmpty(level.Value) && !IsLevel(level.Value))
            {
                mistakes.Add($"{level.Path} is '{level.Value}'; it must be one of {string.Join(", ", Names)}.");
            }
        }
    }
}
