using ClientFailover.Service.Transport.Auditing;

namespace ClientFailover.V1;

/// <content>What the audit tells of it.</content>
internal sealed partial class SetRoleOverrideRequest : IAuditedRequest
{
    /// <inheritdoc/>
    public string AuditDetail => RoleOverride?.ExpirationPeriod is { } period
        ? $"{RoleOverride.Value} for {period.Seconds} s"
        : $"{RoleOverride?.Value}";
}
