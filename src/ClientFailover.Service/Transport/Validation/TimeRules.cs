using System.Globalization;
using ClientFailover.Service.Transport.Rest.Json;
using Google.Protobuf.WellKnownTypes;

namespace ClientFailover.Service.Transport.Validation;

/// <summary>What a time or a span of time may be. The contract's types reach further than .NET's, which count in 100 ns.</summary>
internal static class TimeRules
{
    private const int NanosecondsPerTick = 100;
    private const int NanosecondsPerSecond = 1_000_000_000;
    private static readonly long FirstSecond = (DateTime.MinValue.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond;
    private static readonly long LastSecond = (DateTime.MaxValue.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond;

    /// <summary>Checks and reads a time.</summary>
    /// <param name="violations">Takes what is wrong.</param>
    /// <param name="time">The time; null when absent.</param>
    /// <param name="member">Its documented REST name.</param>
    /// <param name="field">Its path in the gRPC request.</param>
    /// <returns>The time, UTC; null when it is absent, not valid, or the first instant of year 1, which means none.</returns>
    public static DateTime? Read(ref Violations violations, Timestamp? time, string member, string field)
    {
        if (time is null)
        {
            return null;
        }

        if (time.Seconds < FirstSecond || time.Seconds > LastSecond || time.Nanos is < 0 or >= NanosecondsPerSecond)
        {
            violations.Add(member, field, "must be a time in the years 1 to 9999");
            return null;
        }

        var ticks = (time.Seconds * TimeSpan.TicksPerSecond) + (time.Nanos / NanosecondsPerTick) + DateTime.UnixEpoch.Ticks;
        return ticks == 0 ? null : new DateTime(ticks, DateTimeKind.Utc);
    }

    /// <summary>Checks and reads a span of time.</summary>
    /// <param name="violations">Takes what is wrong.</param>
    /// <param name="span">The span; null when absent.</param>
    /// <param name="minimum">The shortest that is allowed.</param>
    /// <param name="maximum">The longest that is allowed.</param>
    /// <param name="member">Its documented REST name.</param>
    /// <param name="field">Its path in the gRPC request.</param>
    /// <returns>The span; null when it is absent or not valid.</returns>
    public static TimeSpan? Read(
        ref Violations violations, Duration? span, TimeSpan minimum, TimeSpan maximum, string member, string field)
    {
        if (span is null)
        {
            return null;
        }

        if (span.Equals(SpanConverter.Unreadable))
        {
            violations.Add(member, field, SpanConverter.Allowed);
            return null;
        }

        // Seconds first: beyond the maximum their ticks might overflow.
        if (Math.Abs((decimal)span.Seconds) <= (maximum.Ticks / TimeSpan.TicksPerSecond) + 1
            && Math.Abs((long)span.Nanos) < NanosecondsPerSecond)
        {
            var ticks = (span.Seconds * TimeSpan.TicksPerSecond) + (span.Nanos / NanosecondsPerTick);
            if (ticks >= minimum.Ticks && ticks <= maximum.Ticks)
            {
                return new TimeSpan(ticks);
            }
        }

        violations.Add(member, field, string.Create(CultureInfo.InvariantCulture, $"must be from {minimum:c} to {maximum:c}"));
        return null;
    }
}
