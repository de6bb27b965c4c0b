using ClientFailover.Service.Tenants;

namespace ClientFailover.Service.Transport.Validation;

/// <summary>What may be asked of a tenant or a namespace.</summary>
internal static class TenantRules
{
    /// <summary>The greatest rate that can be kept apart from none.</summary>
    public const int MaximumRate = 1_000_000;

    private const int MaximumCount = 100_000_000;

    /// <summary>Checks a tenant.</summary>
    /// <param name="violations">Takes what is wrong.</param>
    /// <param name="tenant">The tenant; null when absent.</param>
    /// <returns>The tenant; of use only when nothing is wrong.</returns>
    public static TenantRecord Read(ref Violations violations, V1.Tenant? tenant)
    {
        if (tenant is null)
        {
            violations.Add("The body", "tenant", "must be a tenant with at least Id");
            return new TenantRecord("", null, null);
        }

        Check(ref violations, "tenant", tenant.Id, tenant.Name, tenant.Description);
        return new TenantRecord(tenant.Id, NullIfEmpty(tenant.Name), NullIfEmpty(tenant.Description));
    }

    /// <summary>Checks a namespace.</summary>
    /// <param name="violations">Takes what is wrong.</param>
    /// <param name="tenantId">Its tenant.</param>
    /// <param name="wanted">The namespace; null when absent.</param>
    /// <returns>The namespace; of use only when nothing is wrong.</returns>
    public static NamespaceRecord Read(ref Violations violations, string tenantId, V1.Namespace? wanted)
    {
        if (wanted is null)
        {
            violations.Add("The body", "namespace", "must be a namespace with at least Id");
            return new NamespaceRecord(tenantId, "", null, null, NamespaceLimits.AsSetUp);
        }

        Check(ref violations, "namespace", wanted.Id, wanted.Name, wanted.Description);
        var limits = NamespaceLimits.AsSetUp;
        if (wanted.Limits is { } own)
        {
            limits = new NamespaceLimits(
                Limit(ref violations, own.HasMaximumGroups ? own.MaximumGroups : null, MaximumCount, "MaximumGroups", "maximum_groups"),
                Limit(ref violations, own.HasMaximumSessions ? own.MaximumSessions : null, MaximumCount, "MaximumSessions", "maximum_sessions"),
                Limit(ref violations, own.HasRequestsPerSecond ? own.RequestsPerSecond : null, MaximumRate, "RequestsPerSecond", "requests_per_second"));
        }

        return new NamespaceRecord(tenantId, wanted.Id, NullIfEmpty(wanted.Name), NullIfEmpty(wanted.Description), limits);
    }

    /// <summary>Checks what a namespace is to have.</summary>
    /// <param name="violations">Takes what is wrong.</param>
    /// <param name="tenantId">Its tenant.</param>
    /// <param name="namespaceId">Its id.</param>
    /// <param name="wanted">What it is to have; null when absent. Its id may be absent.</param>
    /// <returns>The namespace; of use only when nothing is wrong.</returns>
    public static NamespaceRecord ReadReplacement(ref Violations violations, string tenantId, string namespaceId, V1.Namespace? wanted)
    {
        if (wanted is { Id.Length: > 0 } && !string.Equals(wanted.Id, namespaceId, StringComparison.OrdinalIgnoreCase))
        {
            violations.Add("Id", "namespace.id", "must be the one in the path, or absent");
            return new NamespaceRecord(tenantId, namespaceId, null, null, NamespaceLimits.AsSetUp);
        }

        // A copy: what the audit is told is what the caller sent.
        var named = wanted?.Clone();
        if (named is not null && IdRules.IsValid(namespaceId))
        {
            named.Id = namespaceId;
        }

        return Read(ref violations, tenantId, named);
    }

    private static void Check(ref Violations violations, string field, string id, string name, string description)
    {
        IdRules.Check(ref violations, id, "Id", $"{field}.id");
        TextRules.Check(ref violations, name, TextRules.MaximumName, "Name", $"{field}.name");
        TextRules.Check(ref violations, description, TextRules.MaximumDescription, "Description", $"{field}.description");
    }

    private static long? Limit(ref Violations violations, long? value, int maximum, string member, string field)
    {
        if (value < 1 || value > maximum)
        {
            violations.Add($"Limits.{member}", $"namespace.limits.{field}", $"must be from 1 to {maximum}, or absent");
        }

        return value;
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
