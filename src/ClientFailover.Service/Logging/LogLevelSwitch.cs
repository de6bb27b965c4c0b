using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace ClientFailover.Service.Logging;

/// <summary>
/// Responsible for the level of the log that administrators set while the service runs. It takes the place of the default
/// level of the settings, on all outputs. What the settings name more closely, a category or one output, is made quieter by
/// it, never louder: what they are quiet about (the framework, mostly) would bury the service's own lines. What
/// <see cref="FixedLevels"/> names is told whatever the level is.
/// </summary>
internal sealed class LogLevelSwitch : IPostConfigureOptions<LoggerFilterOptions>, IOptionsChangeTokenSource<LoggerFilterOptions>
{
    private ConfigurationReloadToken _changed = new();
    private volatile object? _level;

    /// <inheritdoc/>
    public string? Name => Options.DefaultName;

    /// <summary>The default level of the settings. Known as soon as there is a log.</summary>
    public LogLevel OfSettings { get; private set; } = LogLevel.Information;

    /// <summary>Sets the level, at once for every logger there is.</summary>
    /// <param name="level">The least level that is logged; null: as the settings say.</param>
    public void Set(LogLevel? level)
    {
        if (Equals(_level, level))
        {
            return;
        }

        _level = level;
        Interlocked.Exchange(ref _changed, new ConfigurationReloadToken()).OnReload();
    }

    /// <inheritdoc/>
    public IChangeToken GetChangeToken() => Volatile.Read(ref _changed);

    /// <inheritdoc/>
    public void PostConfigure(string? name, LoggerFilterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        OfSettings = options.Rules.LastOrDefault(IsDefault)?.LogLevel ?? options.MinLevel;
        if (_level is not LogLevel level)
        {
            return;
        }

        // Without a rule for all categories the least level counts; with one, that does.
        options.MinLevel = level;
        for (var i = 0; i < options.Rules.Count; i++)
        {
            var rule = options.Rules[i];
            if (!FixedLevels.IsToldAlways(rule.CategoryName))
            {
                var least = IsDefault(rule) ? level : (LogLevel)Math.Max((int)level, (int)(rule.LogLevel ?? level));
                options.Rules[i] = new LoggerFilterRule(rule.ProviderName, rule.CategoryName, least, rule.Filter);
            }
        }
    }

    private static bool IsDefault(LoggerFilterRule rule) => rule.ProviderName is null && rule.CategoryName is null;
}
