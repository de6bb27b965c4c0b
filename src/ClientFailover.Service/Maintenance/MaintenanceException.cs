using ClientFailover.Service.Hosting;

namespace ClientFailover.Service.Maintenance;

/// <summary>A command of maintenance was not carried out.</summary>
/// <param name="exitCode">One of <see cref="ExitCodes"/>.</param>
/// <param name="reason">Stable reason, for the audit.</param>
/// <param name="message">What is wrong and what to do, in plain words.</param>
/// <param name="cause">What it comes from.</param>
internal sealed class MaintenanceException(int exitCode, string reason, string message, Exception? cause = null)
    : Exception(message, cause)
{
    /// <summary>One of <see cref="ExitCodes"/>.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>Stable reason.</summary>
    public string Reason { get; } = reason;

    /// <summary>A backup that is damaged or no backup.</summary>
    /// <param name="finding">What is wrong with it.</param>
    /// <param name="cause">What it comes from.</param>
    /// <returns>What to throw.</returns>
    public static MaintenanceException Damaged(string finding, Exception? cause = null) => new(
        ExitCodes.DataNotReadable, "BACKUP_DAMAGED", $"The backup cannot be used: {finding} Take another one.", cause);
}
