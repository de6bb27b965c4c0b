using ClientFailover.Service.Hosting;
using ClientFailover.Service.Logging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Logging;

public sealed class LogLevelSwitchTests
{
    private const string Own = "ClientFailover.Service.Groups.GroupOwner";
    private const string Framework = "Microsoft.AspNetCore.Routing";
    private const string Silenced = "Grpc.Silenced";

    private static readonly string Announced = typeof(Announcement).FullName!;

    [TestCase(LogLevel.Trace, LogLevel.Trace, LogLevel.Warning)]
    [TestCase(LogLevel.Debug, LogLevel.Debug, LogLevel.Warning)]
    [TestCase(LogLevel.Information, LogLevel.Information, LogLevel.Warning)]
    [TestCase(LogLevel.Error, LogLevel.Error, LogLevel.Error)]
    [TestCase(LogLevel.Critical, LogLevel.Critical, LogLevel.Critical)]
    [TestCase(null, LogLevel.Information, LogLevel.Warning)]
    public void Set_AtRunTime_IsInEffectForLoggersThatExist(LogLevel? level, LogLevel own, LogLevel framework)
    {
        using var services = Start();
        var logs = services.GetRequiredService<ILoggerFactory>();
        var loggers = new[] { Own, Framework, Announced, Silenced }.Select(logs.CreateLogger).ToArray();
        services.GetRequiredService<LogLevelSwitch>().Set(LogLevel.Warning);

        services.GetRequiredService<LogLevelSwitch>().Set(level);

        Assert.That(loggers.Select(Least), Is.EqualTo(new[] { own, framework, LogLevel.Information, LogLevel.None }));
        Assert.That(Least(logs.CreateLogger("New")), Is.EqualTo(own));
    }

    [Test]
    public void Set_SettingsWithoutDefault_IsInEffect()
    {
        using var services = Start(_ => { });
        var log = services.GetRequiredService<ILoggerFactory>().CreateLogger(Own);
        var level = services.GetRequiredService<LogLevelSwitch>();
        Assert.That((Least(log), level.OfSettings), Is.EqualTo((LogLevel.Information, LogLevel.Information)));

        level.Set(LogLevel.Trace);

        Assert.That(Least(log), Is.EqualTo(LogLevel.Trace));
    }

    [Test]
    public void OfSettings_AfterASet_IsStillThatOfTheSettings()
    {
        using var services = Start(l => l.AddFilter(null, LogLevel.Error));
        services.GetRequiredService<ILoggerFactory>().CreateLogger(Own);
        var level = services.GetRequiredService<LogLevelSwitch>();
        level.Set(LogLevel.Debug);

        Assert.That(level.OfSettings, Is.EqualTo(LogLevel.Error));
    }

    [TestCase(LogLevel.Trace, new[] { LogLevel.Warning, LogLevel.Trace, LogLevel.Error, LogLevel.Information, LogLevel.None })]
    [TestCase(LogLevel.Warning, new[] { LogLevel.Warning, LogLevel.Warning, LogLevel.Error, LogLevel.Information, LogLevel.None })]
    [TestCase(LogLevel.Critical, new[] { LogLevel.Critical, LogLevel.Critical, LogLevel.Critical, LogLevel.Information, LogLevel.None })]
    public void PostConfigure_LevelsOfOneOutput_BecomeQuieterNeverLouder(LogLevel set, LogLevel[] expected)
    {
        var options = new LoggerFilterOptions();
        options.Rules.Add(new LoggerFilterRule("EventLog", null, LogLevel.Warning, null));
        options.Rules.Add(new LoggerFilterRule("Console", null, LogLevel.Trace, null));
        options.Rules.Add(new LoggerFilterRule("File", "Grpc", LogLevel.Error, null));
        options.Rules.Add(new LoggerFilterRule(null, "ClientFailover.Audit", LogLevel.Information, null));
        options.Rules.Add(new LoggerFilterRule(null, "Silenced", LogLevel.None, null));
        var level = new LogLevelSwitch();
        level.Set(set);

        level.PostConfigure(null, options);

        Assert.That(options.Rules.Select(r => r.LogLevel), Is.EqualTo(expected));
    }

    private static LogLevel Least(ILogger log) => Enum.GetValues<LogLevel>().First(l => l == LogLevel.None || log.IsEnabled(l));

    private static ServiceProvider Start(Action<ILoggingBuilder>? filters = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<LogLevelSwitch>();
        services.AddSingleton<IPostConfigureOptions<LoggerFilterOptions>>(p => p.GetRequiredService<LogLevelSwitch>());
        services.AddSingleton<IOptionsChangeTokenSource<LoggerFilterOptions>>(p => p.GetRequiredService<LogLevelSwitch>());
        services.AddLogging(l =>
        {
            l.AddProvider(new ListeningLog());
            if (filters is not null)
            {
                filters(l);
                return;
            }

            l.AddFilter(null, LogLevel.Information)
                .AddFilter("Microsoft", LogLevel.Warning)
                .AddFilter(Announced, LogLevel.Information)
                .AddFilter(Silenced, LogLevel.None);
        });
        return services.BuildServiceProvider();
    }
}
