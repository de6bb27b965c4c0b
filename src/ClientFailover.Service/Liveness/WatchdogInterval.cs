using System.Globalization;

namespace ClientFailover.Service.Liveness;

/// <summary>
/// How often systemd wants to hear that the service is alive. The protocol is that of sd_watchdog_enabled(3):
/// <c>WATCHDOG_USEC</c> is the interval in microseconds, and <c>WATCHDOG_PID</c> whom it is meant for.
/// </summary>
/// <param name="Value">The interval, after which systemd ends a service that is silent.</param>
internal sealed record WatchdogInterval(TimeSpan Value)
{
    private const long MicrosecondsOfADay = 86_400_000_000;

    /// <summary>How often to tell: two words may be lost, or be late on a busy machine, before systemd loses its patience.</summary>
    public TimeSpan Between => Value / 3;

    /// <summary>What the environment of this process asks for.</summary>
    /// <returns>The interval; null: nobody watches.</returns>
    public static WatchdogInterval? OfThisProcess() => Read(
        Environment.GetEnvironmentVariable("WATCHDOG_USEC"), Environment.GetEnvironmentVariable("WATCHDOG_PID"), Environment.ProcessId);

    /// <summary>Reads it.</summary>
    /// <param name="microseconds">Value of <c>WATCHDOG_USEC</c>.</param>
    /// <param name="addressee">Value of <c>WATCHDOG_PID</c>; null or empty: whoever has it.</param>
    /// <param name="process">The id of this process.</param>
    /// <returns>The interval; null: none, or not meant for this process.</returns>
    internal static WatchdogInterval? Read(string? microseconds, string? addressee, int process)
    {
        var isMeant = string.IsNullOrEmpty(addressee)
            || (int.TryParse(addressee, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id == process);
        return isMeant && long.TryParse(microseconds, NumberStyles.None, CultureInfo.InvariantCulture, out var interval) && interval > 0
            ? new WatchdogInterval(TimeSpan.FromMicroseconds(Math.Min(interval, MicrosecondsOfADay)))
            : null;
    }
}
