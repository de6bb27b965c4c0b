namespace ClientFailover.Service.Transport.Validation;

/// <summary>What may be asked of the log.</summary>
internal static class LoggingRules
{
    private static readonly string Names = string.Join(", ", Enum.GetValues<V1.LogLevel>().Where(IsLevel));

    /// <summary>Checks what is asked.</summary>
    /// <param name="violations">Takes what is wrong.</param>
    /// <param name="logging">What is asked; null when absent.</param>
    /// <param name="at">Where it is.</param>
    public static void Check(ref Violations violations, V1.LoggingConfiguration? logging, Place at)
    {
        var place = at.Of("LogLevel", "log_level");
        if ((logging is null || !IsLevel(logging.LogLevel)) && !violations.Concern(place.Field))
        {
            violations.Add(place.Member, place.Field, $"is required and must be one of {Names}");
        }
    }

    private static bool IsLevel(V1.LogLevel level) => Enum.IsDefined(level) && level != V1.LogLevel.Unspecified;
}
