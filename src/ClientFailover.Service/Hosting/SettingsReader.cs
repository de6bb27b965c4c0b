using System.Text.Json;
using ClientFailover.Service.Logging;
using Microsoft.Extensions.Configuration.Json;

namespace ClientFailover.Service.Hosting;

/// <summary>Responsible for collecting the settings from their three sources, and every mistake in them.</summary>
internal static class SettingsReader
{
    /// <summary>Name of the settings file, beside the executable wherever the service is started from.</summary>
    public const string FileName = "appsettings.json";

    /// <summary>Reads and checks the settings. Creates nothing.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="directory">Where <see cref="FileName"/> is looked for.</param>
    /// <returns>What was read.</returns>
    public static ReadSettings Read(IReadOnlyList<string> arguments, string directory)
    {
        var mistakes = new List<string>();
        var configuration = new ConfigurationManager();
        AddFile(configuration, Path.Combine(directory, FileName), mistakes);
        configuration.AddEnvironmentVariables();
        configuration.AddInMemoryCollection(CommandLine.Read(arguments, mistakes));

        var options = SettingsBinder.Bind(configuration.GetSection(ServiceOptions.Section), mistakes);
        mistakes.AddRange(ServiceOptionsRules.Check(options));
        LogSettings.Check(configuration.GetSection(LogSettings.Section), mistakes);
        return new ReadSettings(configuration, options, mistakes);
    }

    private static void AddFile(ConfigurationManager configuration, string path, List<string> mistakes)
    {
        if (!File.Exists(path))
        {
            return;
        }

        try
        {
            // From memory, not by path: the file provider would start watching the whole directory.
            configuration.Add<JsonStreamConfigurationSource>(s => s.Stream = new MemoryStream(File.ReadAllBytes(path)));
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            mistakes.Add($"{path} cannot be read: {e.Message}");
        }
    }
}

/// <summary>What was read of the settings.</summary>
/// <param name="Configuration">All configuration, the levels of the log among it.</param>
/// <param name="Options">The settings of the service.</param>
/// <param name="Mistakes">What is wrong with them, in plain words; empty: nothing.</param>
internal sealed record ReadSettings(ConfigurationManager Configuration, ServiceOptions Options, IReadOnlyList<string> Mistakes);
