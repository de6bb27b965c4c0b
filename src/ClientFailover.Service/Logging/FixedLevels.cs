using ClientFailover.Service.Audit;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Identity;

namespace ClientFailover.Service.Logging;

/// <summary>
/// Responsible for levels that are no matter of taste: what is told whatever the level is, because people and programs rely on
/// it; and what is never told, because the framework would write there what callers send, secrets among it.
/// </summary>
internal static class FixedLevels
{
    // Where the service listens.
    private static readonly string Announced = typeof(Announcement).FullName!;

    // The framework writes each request here with its query string, which may be a token.
    private const string Requests = "Microsoft.AspNetCore.Hosting.Diagnostics";

    // And here lines that are no HTTP, such as a header without its colon.
    private const string BadRequests = "Microsoft.AspNetCore.Server.Kestrel.BadRequests";

    // It tells, with a stack trace, of every message that is no protobuf: whoever sends one could fill the log. What
    // fails by our own fault has a line of its own.
    private const string GrpcCalls = "Grpc.AspNetCore.Server.ServerCallHandler";

    /// <summary>
    /// Adds what the settings may still change. The audit is told at every level that is set while the service runs: whoever sets
    /// it must not thereby hide what he does. Who does not want it in the log names its category in the settings.
    /// </summary>
    /// <param name="logging">The log.</param>
    /// <returns>The same.</returns>
    public static ILoggingBuilder AddBeforeSettings(this ILoggingBuilder logging) => logging
        .AddFilter("Microsoft", LogLevel.Warning)
        .AddFilter("Grpc", LogLevel.Warning)
        .AddFilter(LoggedAuditTrail.Category, LogLevel.Information);

    /// <summary>Adds what no setting changes, neither one for all outputs nor one for a single output.</summary>
    /// <param name="logging">The log.</param>
    /// <returns>The same.</returns>
    public static ILoggingBuilder AddAfterSettings(this ILoggingBuilder logging)
    {
        logging.Services.Configure<LoggerFilterOptions>(Fix);
        return logging;
    }

    /// <summary>Whether a level that is set while the service runs does not matter to a category.</summary>
    /// <param name="category">The category of a rule; null: all of them.</param>
    /// <returns>True: it goes on as the settings say.</returns>
    public static bool IsToldAlways(string? category) => category == Announced || category == LoggedAuditTrail.Category;

    private static void Fix(LoggerFilterOptions options)
    {
        options.Rules.Add(new LoggerFilterRule(null, Announced, LogLevel.Information, null));

        // Whoever starts the service on any free port reads it there.
        options.Rules.Add(new LoggerFilterRule(ConsoleLog.Name, Announced, LogLevel.Information, null));
        foreach (var output in LogSettings.Outputs.Prepend(null))
        {
            options.Rules.Add(new LoggerFilterRule(output, Requests, LogLevel.Warning, null));
            options.Rules.Add(new LoggerFilterRule(output, BadRequests, LogLevel.None, null));
            options.Rules.Add(new LoggerFilterRule(output, GrpcCalls, LogLevel.None, null));

            // Under this name the framework tells of every request without credentials; failed logons have their own line.
            options.Rules.Add(new LoggerFilterRule(output, typeof(CallerHandler).FullName, LogLevel.Warning, null));
        }
    }
}
