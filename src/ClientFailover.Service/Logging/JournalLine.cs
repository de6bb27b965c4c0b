using Serilog.Events;
using Serilog.Formatting;

namespace ClientFailover.Service.Logging;

/// <summary>
/// Responsible for the journal of systemd knowing the level of a line: what a unit writes begins with its priority, as in
/// syslog (sd-daemon(3)). The journal takes it away, and <c>journalctl -p warning</c> finds the line.
/// </summary>
/// <param name="line">What follows.</param>
internal sealed class JournalLine(ITextFormatter line) : ITextFormatter
{
    /// <inheritdoc/>
    public void Format(LogEvent logEvent, TextWriter output)
    {
        output.Write(logEvent.Level switch
        {
            LogEventLevel.Fatal => "<2>",
            LogEventLevel.Error => "<3>",
            LogEventLevel.Warning => "<4>",
            LogEventLevel.Information => "<6>",
            _ => "<7>",
        });
        line.Format(logEvent, output);
    }
}
