using ClientFailover.Service.AccessControl;
using ClientFailover.Service.Tenants;

namespace ClientFailover.Service.Transport;

/// <content>What administrators deal with.</content>
internal static partial class WireMap
{
    /// <summary>An access control list.</summary>
    public static V1.AccessControlList ToWire(this AccessList list)
    {
        var wire = new V1.AccessControlList();
        foreach (var entry in list.Entries)
        {
            var trustee = new V1.Trustee { Type = (V1.TrusteeType)entry.Type, ObjectId = entry.ObjectId };
            if (entry.TenantId is not null)
            {
                trustee.TenantId = entry.TenantId;
            }

            wire.RoleTrusteeAccessControlEntries.Add(new V1.AccessControlEntry
            {
                Trustee = trustee,
                AccessType = entry.IsDenied ? V1.AccessType.Denied : V1.AccessType.Allowed,
                AccessRights = (long)entry.Rights,
            });
        }

        return wire;
    }

    /// <summary>A tenant.</summary>
    public static V1.Tenant ToWire(this TenantRecord tenant)
    {
        var wire = new V1.Tenant { Id = tenant.Id };
        if (tenant.Name is not null)
        {
            wire.Name = tenant.Name;
        }

        if (tenant.Description is not null)
        {
            wire.Description = tenant.Description;
        }

        return wire;
    }

    /// <summary>A namespace.</summary>
    public static V1.Namespace ToWire(this NamespaceRecord record)
    {
        var wire = new V1.Namespace { Id = record.Id, Limits = ToWire(record.Limits) };
        if (record.Name is not null)
        {
            wire.Name = record.Name;
        }

        if (record.Description is not null)
        {
            wire.Description = record.Description;
        }

        return wire;
    }

    private static V1.NamespaceLimits? ToWire(NamespaceLimits limits)
    {
        if (limits == NamespaceLimits.AsSetUp)
        {
            return null;
        }

        var wire = new V1.NamespaceLimits();
        if (limits.MaximumGroups is { } groups)
        {
            wire.MaximumGroups = groups;
        }

        if (limits.MaximumSessions is { } sessions)
        {
            wire.MaximumSessions = sessions;
        }

        if (limits.RequestsPerSecond is { } requests)
        {
            wire.RequestsPerSecond = requests;
        }

        return wire;
    }
}
