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

/// <content>What the audit tells of it.</content>
internal sealed partial class SetNamespaceRequest : IAuditedRequest
{
    /// <inheritdoc/>
    public string AuditDetail => $"{Namespace}";
}

/// <content>What the audit tells of it.</content>
internal sealed partial class SetConfigurationRequest : IAuditedRequest
{
    /// <inheritdoc/>
    public string AuditDetail => $"LogLevel {Configuration?.Logging?.LogLevel.ToString() ?? "of the settings"}; {AuditedEndpoints.Of(Configuration?.HealthEndpoints)}";
}

/// <content>What the audit tells of it.</content>
internal sealed partial class SetLoggingRequest : IAuditedRequest
{
    /// <inheritdoc/>
    public string AuditDetail => $"LogLevel {Logging?.LogLevel}";
}

/// <content>What the audit tells of it.</content>
internal sealed partial class CreateHealthEndpointsRequest : IAuditedRequest
{
    /// <inheritdoc/>
    public string AuditDetail => AuditedEndpoints.Of(HealthEndpoints);
}

/// <content>What the audit tells of it.</content>
internal sealed partial class ReplaceHealthEndpointsRequest : IAuditedRequest
{
    /// <inheritdoc/>
    public string AuditDetail => AuditedEndpoints.Of(HealthEndpoints);
}

/// <content>What the audit tells of it.</content>
internal sealed partial class SetHealthEndpointRequest : IAuditedRequest
{
    /// <inheritdoc/>
    public string AuditDetail => AuditedEndpoints.Of(HealthEndpoint is { } endpoint ? [endpoint] : null);
}

/// <summary>Health endpoints as the audit tells of them: who is told, but not as whom.</summary>
file static class AuditedEndpoints
{
    /// <summary>Their ids, and the hosts of their addresses: what else is in an address may be a secret, also of one that is refused.</summary>
    public static string Of(IEnumerable<HealthEndpoint>? endpoints)
    {
        var told = endpoints?.Select(e => $"{e.Id} at {(Uri.TryCreate(e.Endpoint, UriKind.Absolute, out var uri) ? uri.Host : "no valid address")}").ToList() ?? [];
        return told.Count == 0 ? "no health endpoints" : $"health endpoints {string.Join(", ", told)}";
    }
}
