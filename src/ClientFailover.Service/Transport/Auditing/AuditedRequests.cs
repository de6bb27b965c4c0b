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

/// <content>What the audit tells of it.</content>
internal sealed partial class SetGroupsAccessControlRequest : IAuditedRequest
{
    /// <inheritdoc/>
    public string AuditDetail => $"{AccessControlList}";
}

/// <content>What the audit tells of it.</content>
internal sealed partial class SetGroupAccessControlRequest : IAuditedRequest
{
    /// <inheritdoc/>
    public string AuditDetail => $"{AccessControlList}";
}

/// <content>What the audit tells of it.</content>
internal sealed partial class CreateTenantRequest : IAuditedRequest
{
    /// <inheritdoc/>
    public string AuditDetail => $"{Tenant}";
}

/// <content>What the audit tells of it.</content>
internal sealed partial class CreateNamespaceRequest : IAuditedRequest
{
    /// <inheritdoc/>
    public string AuditDetail => $"{Namespace}";
}
