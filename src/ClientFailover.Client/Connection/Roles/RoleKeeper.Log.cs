using Microsoft.Extensions.Logging;

namespace ClientFailover.Client.Connection.Roles;

/// <summary>What people read of the role.</summary>
internal sealed partial class RoleKeeper
{
    [LoggerMessage(7020, LogLevel.Information, "Role: from {OldRole} to {NewRole}, term {Term} ({Reason}).")]
    private static partial void LogRole(ILogger logger, FailoverRole oldRole, FailoverRole newRole, object term, string reason);

    [LoggerMessage(7021, LogLevel.Information, "The role is to be handed over in term {Term} ({Reason}) within {TimeLeft:0.0} s.")]
    private static partial void LogDrains(ILogger logger, long term, string reason, double timeLeft);

    [LoggerMessage(7022, LogLevel.Warning, "The failover service has not answered for three quarters of the failover timeout of {FailoverTimeout:0.0} s: stepping down, as OnServiceLost = StepDown demands. Nothing is egressed until the service answers again.")]
    private static partial void LogStepsDown(ILogger logger, double failoverTimeout);
}
