using ClientFailover.Engine;
using Google.Protobuf.WellKnownTypes;

namespace ClientFailover.Service.Transport.Validation;

/// <summary>What a heartbeat may say, by whichever transport it comes.</summary>
internal static class HeartbeatRules
{
    private const float MaximumScore = 100;

    /// <summary>Checks a heartbeat.</summary>
    /// <param name="violations">Takes what is wrong.</param>
    /// <param name="score">The failover score; null when absent.</param>
    /// <param name="lastDataProcessedTime">Time of the last data; null when absent.</param>
    /// <param name="heartbeatTime">The adapter's own time; null when absent.</param>
    /// <param name="timeField">Path of the adapter's own time in the gRPC request.</param>
    /// <returns>What it says; of use only when nothing is wrong.</returns>
    public static HeartbeatReport Read(
        ref Violations violations,
        float? score,
        Timestamp? lastDataProcessedTime,
        Timestamp? heartbeatTime,
        string timeField = "heartbeat.heartbeat_time")
    {
        // Written so that NaN is refused: it compares false with everything.
        if (score is not (>= 0 and <= MaximumScore))
        {
            violations.Add("FailoverScore", "heartbeat.failover_score", "is required and must be a number from 0 to 100");
        }

        return new HeartbeatReport(
            // A negative zero would be written as one.
            score.GetValueOrDefault() + 0f,
            TimeRules.Read(ref violations, lastDataProcessedTime, "LastDataProcessedTime", "heartbeat.last_data_processed_time"),
            TimeRules.Read(ref violations, heartbeatTime, "HeartbeatTime", timeField));
    }
}
