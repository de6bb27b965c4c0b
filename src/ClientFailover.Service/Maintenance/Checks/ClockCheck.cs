using System.Globalization;

namespace ClientFailover.Service.Maintenance.Checks;

/// <summary>
/// Responsible for looking at the clocks. Roles are decided by the monotonic one; orders that expire, certificates and what people
/// read go by the wall clock.
/// </summary>
internal static class ClockCheck
{
    private const string Name = "clock";

    private static readonly TimeSpan Sample = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Tolerated = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Behind = TimeSpan.FromMinutes(1);

    // No machine that runs this program has an earlier date.
    private static readonly DateTime Earliest = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly DateTime Latest = new(2100, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Checks them.</summary>
    /// <param name="time">The clocks.</param>
    /// <param name="pause">Waits.</param>
    /// <param name="database">What is known of the database.</param>
    /// <returns>What was found.</returns>
    public static IEnumerable<CheckResult> Run(TimeProvider time, Action<TimeSpan> pause, DatabaseFacts database)
    {
        var (wall, monotonic) = (time.GetUtcNow(), time.GetTimestamp());
        pause(Sample);
        var (now, passed) = (time.GetUtcNow(), time.GetElapsedTime(monotonic));
        var apart = now - wall - passed;
        if (passed <= TimeSpan.Zero)
        {
            yield return CheckResult.Error(Name, "The monotonic clock stands still.", "Repair the machine, or the virtual one's clock source: no loss of an adapter would be noticed.");
        }
        else if (apart.Duration() > Tolerated)
        {
            yield return CheckResult.Warning(
                Name,
                string.Create(CultureInfo.InvariantCulture, $"The wall clock was moved by {apart.TotalMilliseconds:0} ms while it was looked at."),
                "Let one program set the clock (NTP), and that slowly.");
        }

        if (now.UtcDateTime < Earliest || now.UtcDateTime > Latest)
        {
            yield return CheckResult.Error(Name, string.Create(CultureInfo.InvariantCulture, $"It shows {now:u}."), "Set the clock of this machine (NTP).");
        }
        else if (database.NewestEntry is { } newest && newest - now.UtcDateTime > Behind)
        {
            yield return CheckResult.Error(
                Name,
                string.Create(CultureInfo.InvariantCulture, $"It shows {now:u}, but the history has an entry of {newest:u}."),
                "Set the clock of this machine (NTP). If the entry is wrong, because the clock was ahead then, it goes by with time.");
        }
        else
        {
            yield return CheckResult.Ok(Name, string.Create(CultureInfo.InvariantCulture, $"It shows {now:u}, and nothing that was kept is later."));
        }
    }
}
