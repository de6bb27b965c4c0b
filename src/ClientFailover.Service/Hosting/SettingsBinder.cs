using System.Globalization;
using System.Reflection;

namespace ClientFailover.Service.Hosting;

/// <summary>
/// Responsible for turning configuration into <see cref="ServiceOptions"/>. The framework's binder stops at the first
/// value it cannot convert and passes over names it does not know; here a user learns of every mistake at once, and a
/// misspelt setting is never lost silently.
/// </summary>
internal static class SettingsBinder
{
    /// <summary>Every setting, by name.</summary>
    public static IReadOnlyDictionary<string, PropertyInfo> Settings { get; } = typeof(ServiceOptions)
        .GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        .Where(p => p.SetMethod is { IsPublic: true })
        .ToDictionary(p => p.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads the settings.</summary>
    /// <param name="section">The section <see cref="ServiceOptions.Section"/>.</param>
    /// <param name="mistakes">Receives every name that is no setting and every value that cannot be read.</param>
    /// <returns>The settings; those that are absent, empty or wrong have their defaults.</returns>
    public static ServiceOptions Bind(IConfigurationSection section, List<string> mistakes)
    {
        var options = new ServiceOptions();
        foreach (var setting in section.GetChildren())
        {
            if (!Settings.TryGetValue(setting.Key, out var property))
            {
                mistakes.Add($"{setting.Key} is not a setting of the service (--help lists them).");
            }
            else if (setting.GetChildren().Any())
            {
                mistakes.Add($"{property.Name} must be a single value.");
            }
            else if (!string.IsNullOrEmpty(setting.Value))
            {
                Set(options, property, setting.Value.Trim(), mistakes);
            }
        }

        return options;
    }

    private static void Set(ServiceOptions options, PropertyInfo property, string text, List<string> mistakes)
    {
        var (value, expected) = Convert(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType, text);
        if (value is null)
        {
            mistakes.Add($"{property.Name} is '{text}'; it must be {expected}.");
        }
        else
        {
            property.SetValue(options, value);
        }
    }

    private static (object? Value, string Expected) Convert(Type type, string text)
    {
        if (type == typeof(string))
        {
            return (text, "text");
        }

        if (type == typeof(int))
        {
            return (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null, "a whole number");
        }

        if (type == typeof(bool))
        {
            return (bool.TryParse(text, out var flag) ? flag : null, "true or false");
        }

        if (type == typeof(double))
        {
            return (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null, "a number");
        }

        if (type == typeof(TimeSpan))
        {
            // Without the colon "60" would be read as sixty days.
            var isSpan = TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var span) && text.Contains(':', StringComparison.Ordinal);
            return (isSpan ? span : null, "a time span [d.]hh:mm:ss[.fffffff], such as 00:01:00 for a minute");
        }

        throw new InvalidOperationException($"No conversion of settings to {type}.");
    }
}
