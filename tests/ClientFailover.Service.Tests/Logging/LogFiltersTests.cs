using ClientFailover.Service.Audit;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Logging;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Logging;

/// <summary>Which lines reach an output, as the settings, the level at run time and what is fixed decide together.</summary>
public sealed partial class LogFiltersTests
{
    private const string Own = "ClientFailover.Service.Groups.GroupOwner";
    private const string Requests = "Microsoft.AspNetCore.Hosting.Diagnostics";
    private const string BadRequests = "Microsoft.AspNetCore.Server.Kestrel.BadRequests";

    private static readonly string Announced = typeof(Announcement).FullName!;

    [TestCase("Verbose", LogLevel.Trace)]
    [TestCase("trace", LogLevel.Trace)]
    [TestCase("Fatal", LogLevel.Critical)]
    [TestCase("Critical", LogLevel.Critical)]
    [TestCase("Warning", LogLevel.Warning)]
    [TestCase("None", LogLevel.None)]
    public void Default_InEitherNames_CountsOnAllOutputs(string name, LogLevel least)
    {
        using var services = Start(("LogLevel:Default", name));

        Assert.That(Least(services, Own), Is.EqualTo(least));
        Assert.That(services.GetRequiredService<LogLevelSwitch>().OfSettings, Is.EqualTo(least));
    }

    [Test]
    public void Output_WithALevelOfItsOwn_IsTheOnlyOneThatHasIt()
    {
        using var console = Start(("LogLevel:Default", "Information"), ("Console:LogLevel:Default", "Verbose"));
        using var file = Start(("LogLevel:Default", "Information"), ("File:LogLevel:Default", "Verbose"));

        Assert.That((Least(console, Own), Least(file, Own)), Is.EqualTo((LogLevel.Trace, LogLevel.Information)));
    }

    [Test]
    public void Categories_ThatWriteWhatCallersSend_AreOpenedByNoSetting()
    {
        using var services = Start(
            ("LogLevel:Default", "Verbose"),
            ("LogLevel:Microsoft", "Verbose"),
            ("LogLevel:" + Requests, "Verbose"),
            ("Console:LogLevel:Default", "Verbose"),
            ("Console:LogLevel:Microsoft", "Verbose"),
            ("Console:LogLevel:" + Requests, "Verbose"),
            ("Console:LogLevel:" + BadRequests, "Verbose"));
        services.GetRequiredService<LogLevelSwitch>().Set(LogLevel.Trace);

        Assert.That((Least(services, Requests), Least(services, BadRequests)), Is.EqualTo((LogLevel.Warning, LogLevel.None)));
        Assert.That(Least(services, "Microsoft.AspNetCore.Routing"), Is.EqualTo(LogLevel.Trace), "Others are.");
    }

    [TestCase(LogLevel.Warning)]
    [TestCase(LogLevel.Critical)]
    public void Audit_WhateverLevelIsSetAtRunTime_IsTold(LogLevel level)
    {
        using var services = Start(("LogLevel:Default", "Error"));
        Assert.That(Least(services, LoggedAuditTrail.Category), Is.EqualTo(LogLevel.Information));

        services.GetRequiredService<LogLevelSwitch>().Set(level);

        Assert.That(Least(services, LoggedAuditTrail.Category), Is.EqualTo(LogLevel.Information));
        Assert.That(Least(services, Announced), Is.EqualTo(LogLevel.Information));
        Assert.That(Least(services, Own), Is.EqualTo(level));
    }

    [Test]
    public void Audit_NamedInTheSettings_IsAsTheySay()
    {
        using var services = Start(("LogLevel:" + LoggedAuditTrail.Category, "None"));

        Assert.That(Least(services, LoggedAuditTrail.Category), Is.EqualTo(LogLevel.None));
    }

    [Test]
    public void Announcement_WhateverTheSettingsSay_IsOnTheConsole()
    {
        using var services = Start(("LogLevel:Default", "None"), ("Console:LogLevel:Default", "None"), ("Console:LogLevel:" + Announced, "None"));

        Assert.That(Least(services, Announced), Is.EqualTo(LogLevel.Information));
    }

    [Test]
    public void Message_OfALevelThatIsOff_CostsNoMemory()
    {
        const int messages = 10_000;
        using var services = Start();
        var log = services.GetRequiredService<ILoggerFactory>().CreateLogger(Own);
        LogBeat(log, "G", 1);
        using (log.BeginScope("request"))
        {
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < messages; i++)
        {
            LogBeat(log, "G", 1);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(messages), "Less than a byte each.");
    }

    private static LogLevel Least(ServiceProvider services, string category)
    {
        var log = services.GetRequiredService<ILoggerFactory>().CreateLogger(category);
        return Enum.GetValues<LogLevel>().First(l => l == LogLevel.None || log.IsEnabled(l));
    }

    /// <summary>The log with one output, which is called that of the console.</summary>
    private static ServiceProvider Start(params (string Name, string Level)[] settings)
    {
        var section = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create($"{LogSettings.Section}:{s.Name}", (string?)s.Level)))
            .Build()
            .GetSection(LogSettings.Section);
        var services = new ServiceCollection();
        services.AddSingleton<LogLevelSwitch>();
        services.AddSingleton<IPostConfigureOptions<LoggerFilterOptions>>(p => p.GetRequiredService<LogLevelSwitch>());
        services.AddSingleton<IOptionsChangeTokenSource<LoggerFilterOptions>>(p => p.GetRequiredService<LogLevelSwitch>());
        services.AddLogging(l => l.AddBeforeSettings().AddConfiguration(LogSettings.ToFramework(section)).AddAfterSettings());
        services.AddSingleton<ILoggerProvider, Output>();
        return services.BuildServiceProvider();
    }

    [LoggerMessage(EventId = 44, Level = LogLevel.Debug, Message = "Group {Group} beats with {Score}")]
    private static partial void LogBeat(ILogger log, string group, float score);

    [ProviderAlias(ConsoleLog.Name)]
    private sealed class Output() : LogOutput(new Serilog.LoggerConfiguration().MinimumLevel.Verbose().CreateLogger());
}
