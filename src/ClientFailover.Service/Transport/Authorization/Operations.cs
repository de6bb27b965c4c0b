using System.Collections.Frozen;
using ClientFailover.Service.AccessControl;
using ClientFailover.Service.Identity;

namespace ClientFailover.Service.Transport.Authorization;

/// <summary>
/// The role matrix: every call of the service, over REST and gRPC, with what it needs. A call without a row cannot be
/// mapped. What needs a right that users do not have by default is the administrators', so that where no list was set
/// the role alone decides.
/// </summary>
internal static class Operations
{
    private const string Contract = "/clientfailover.v1.";
    private const AccessRights ReadAndWrite = AccessRights.Read | AccessRights.Write;

    private static readonly FrozenDictionary<string, Operation> ByMethod =
        new Operation[]
        {
            new(Contract + "VersionService/GetVersion", Policies.Users, AccessRights.None, AccessTarget.Nothing),

            new(Contract + "GroupService/ListGroups", Policies.Users, AccessRights.Read, AccessTarget.Collection),
            new(Contract + "GroupService/CreateGroup", Policies.Users, AccessRights.Write, AccessTarget.GroupOrItsCreation),
            new(Contract + "GroupService/GetGroup", Policies.Users, AccessRights.Read, AccessTarget.Group),
            new(Contract + "GroupService/DeleteGroup", Policies.Administrators, AccessRights.Delete, AccessTarget.Group),
            new(Contract + "GroupService/GetGroupStatus", Policies.Users, AccessRights.Read, AccessTarget.Group),

            new(Contract + "SessionService/ListSessions", Policies.Users, AccessRights.Read, AccessTarget.Group),
            new(Contract + "SessionService/RegisterSession", Policies.Users, AccessRights.Write, AccessTarget.Group),
            new(Contract + "SessionService/GetSession", Policies.Users, AccessRights.Read, AccessTarget.Group),
            new(Contract + "SessionService/DeleteSession", Policies.Users, AccessRights.Write, AccessTarget.Group),
            new(Contract + "SessionService/PostHeartbeat", Policies.Users, AccessRights.Write, AccessTarget.Group, IsHeartbeat: true),
            new(Contract + "SessionService/SetRoleOverride", Policies.Administrators, AccessRights.Write, AccessTarget.Group),

            new(Contract + "EventService/ListEvents", Policies.Users, AccessRights.Read, AccessTarget.Group),
            new(Contract + "EventService/WatchEvents", Policies.Users, AccessRights.Read, AccessTarget.GroupIfNamed),

            new(Contract + "AdapterService/Connect", Policies.Users, ReadAndWrite, AccessTarget.GroupOrItsCreation),

            new(Contract + "AccessControlService/GetGroupsAccessControl", Policies.Administrators, AccessRights.ManageAccessControl, AccessTarget.Collection),
            new(Contract + "AccessControlService/SetGroupsAccessControl", Policies.Administrators, AccessRights.ManageAccessControl, AccessTarget.Collection),
            new(Contract + "AccessControlService/GetGroupAccessControl", Policies.Administrators, AccessRights.ManageAccessControl, AccessTarget.Group),
            new(Contract + "AccessControlService/SetGroupAccessControl", Policies.Administrators, AccessRights.ManageAccessControl, AccessTarget.Group),

            new(Contract + "TenantService/ListTenants", Policies.ServiceAdministrators, AccessRights.None, AccessTarget.Service),
            new(Contract + "TenantService/CreateTenant", Policies.ServiceAdministrators, AccessRights.None, AccessTarget.Service),
            new(Contract + "TenantService/GetTenant", Policies.ServiceAdministrators, AccessRights.None, AccessTarget.Service),
            new(Contract + "TenantService/DeleteTenant", Policies.ServiceAdministrators, AccessRights.None, AccessTarget.Service),
            new(Contract + "TenantService/ListNamespaces", Policies.ServiceAdministrators, AccessRights.None, AccessTarget.Service),
            new(Contract + "TenantService/CreateNamespace", Policies.ServiceAdministrators, AccessRights.None, AccessTarget.Service),
            new(Contract + "TenantService/GetNamespace", Policies.ServiceAdministrators, AccessRights.None, AccessTarget.Service),
            new(Contract + "TenantService/SetNamespace", Policies.ServiceAdministrators, AccessRights.None, AccessTarget.Service),
            new(Contract + "TenantService/DeleteNamespace", Policies.ServiceAdministrators, AccessRights.None, AccessTarget.Service),

            new(Contract + "ConfigurationService/GetConfiguration", Policies.ServiceAdministrators, AccessRights.None, AccessTarget.Service),
            new(Contract + "ConfigurationService/SetConfiguration", Policies.ServiceAdministrators, AccessRights.None, AccessTarget.Service),
            new(Contract + "ConfigurationService/GetLogging", Policies.ServiceAdministrators, AccessRights.None, AccessTarget.Service),
            new(Contract + "ConfigurationService/SetLogging", Policies.ServiceAdministrators, AccessRights.None, AccessTarget.Service),
            new(Contract + "ConfigurationService/ListHealthEndpoints", Policies.ServiceAdministrators, AccessRights.None, AccessTarget.Service),
            new(Contract + "ConfigurationService/CreateHealthEndpoints", Policies.ServiceAdministrators, AccessRights.None, AccessTarget.Service),
            new(Contract + "ConfigurationService/ReplaceHealthEndpoints", Policies.ServiceAdministrators, AccessRights.None, AccessTarget.Service),
            new(Contract + "ConfigurationService/DeleteHealthEndpoints", Policies.ServiceAdministrators, AccessRights.None, AccessTarget.Service),
            new(Contract + "ConfigurationService/GetHealthEndpoint", Policies.ServiceAdministrators, AccessRights.None, AccessTarget.Service),
            new(Contract + "ConfigurationService/SetHealthEndpoint", Policies.ServiceAdministrators, AccessRights.None, AccessTarget.Service),
            new(Contract + "ConfigurationService/DeleteHealthEndpoint", Policies.ServiceAdministrators, AccessRights.None, AccessTarget.Service),

            new("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", Policies.Users, AccessRights.None, AccessTarget.Service),
            new("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", Policies.Users, AccessRights.None, AccessTarget.Service),
            new("/grpc.health.v1.Health/Check", Policies.Users, AccessRights.None, AccessTarget.Service),
            new("/grpc.health.v1.Health/Watch", Policies.Users, AccessRights.None, AccessTarget.Service),
        }.ToFrozenDictionary(o => o.Method);

    /// <summary>Every row.</summary>
    public static IReadOnlyCollection<Operation> All => ByMethod.Values;

    /// <summary>The row of a method.</summary>
    /// <param name="method">Its full name.</param>
    /// <returns>The row.</returns>
    /// <exception cref="InvalidOperationException">There is none: nobody has said who may call it.</exception>
    public static Operation Of(string method) => ByMethod.TryGetValue(method, out var operation)
        ? operation
        : throw new InvalidOperationException($"The role matrix has no row for the method {method}.");
}
