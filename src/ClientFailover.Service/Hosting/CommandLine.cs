namespace ClientFailover.Service.Hosting;

/// <summary>
/// Responsible for reading the command line: <c>--Port 0</c> or <c>--Port=0</c>, also <c>--ClientFailover:Port 0</c> and
/// <c>--Logging:LogLevel:Default Debug</c>. The framework's provider takes any name and drops what it cannot read.
/// </summary>
internal static class CommandLine
{
    private const string Logging = "Logging:";

    /// <summary>Reads the arguments.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="mistakes">Receives every argument that is no setting.</param>
    /// <returns>Configuration keys and values.</returns>
    public static Dictionary<string, string?> Read(IReadOnlyList<string> arguments, List<string> mistakes)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < arguments.Count; i++)
        {
            if (!arguments[i].StartsWith("--", StringComparison.Ordinal))
            {
                mistakes.Add($"'{arguments[i]}' is not understood; settings are given as --Name value.");
                continue;
            }

            var equals = arguments[i].IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? arguments[i][2..] : arguments[i][2..equals];
            string? value = null;
            if (equals >= 0)
            {
                value = arguments[i][(equals + 1)..];
            }
            else if (i + 1 < arguments.Count && !arguments[i + 1].StartsWith("--", StringComparison.Ordinal))
            {
                value = arguments[++i];
            }

            if (KeyOf(name) is not { } key)
            {
                mistakes.Add($"--{name} is not a setting of the service (--help lists them).");
            }
            else if (value is null)
            {
                mistakes.Add($"--{name} needs a value.");
            }
            else if (!settings.TryAdd(key, value))
            {
                mistakes.Add($"--{name} is given twice.");
            }
        }

        return settings;
    }

    /// <summary>Whether an argument names a setting of the service.</summary>
    /// <param name="argument">The argument.</param>
    /// <param name="hasValue">Whether its value is part of it; else it is the next argument.</param>
    /// <returns>False: it means something else, or nothing.</returns>
    public static bool IsSetting(string argument, out bool hasValue)
    {
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        hasValue = equals >= 0;
        return argument.StartsWith("--", StringComparison.Ordinal) && KeyOf(hasValue ? argument[2..equals] : argument[2..]) is not null;
    }

    private static string? KeyOf(string name)
    {
        const string prefix = ServiceOptions.Section + ":";
        var setting = name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) ? name[prefix.Length..] : name;
        if (SettingsBinder.Settings.TryGetValue(setting, out var property))
        {
            return prefix + property.Name;
        }

        return name.StartsWith(Logging, StringComparison.OrdinalIgnoreCase) ? name : null;
    }
}
