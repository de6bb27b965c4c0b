using ClientFailover.Service.AccessControl;

namespace ClientFailover.Service.Transport.Authorization;

/// <summary>What a call needs of its caller.</summary>
/// <param name="Method">The full name of the gRPC method, which its REST routes share: <c>/package.Service/Method</c>.</param>
/// <param name="Policy">The role: one of <see cref="Identity.Policies"/>.</param>
/// <param name="Rights">The rights, beyond the role.</param>
/// <param name="On">What the rights are needed on.</param>
/// <param name="IsHeartbeat">Whether it is a sign of life: those are never limited in their rate.</param>
internal sealed record Operation(string Method, string Policy, AccessRights Rights, AccessTarget On, bool IsHeartbeat = false)
{
    /// <summary>Whether it is the stream of an adapter, which lives for months.</summary>
    public bool IsAdapterStream { get; } = Method.EndsWith("AdapterService/Connect", StringComparison.Ordinal);

    /// <summary>Whether only administrators may make it: each such call is in the audit.</summary>
    public bool IsAdministrative { get; } = Policy != Identity.Policies.Users;

    /// <summary>The row of a call.</summary>
    /// <param name="http">The call.</param>
    /// <returns>The row; null: it is no call of a method.</returns>
    public static Operation? Of(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<Operation>();
}

/// <summary>What rights are needed on.</summary>
internal enum AccessTarget
{
    /// <summary>Nothing: the role is enough.</summary>
    Nothing,

    /// <summary>Nothing, and it belongs to no namespace: it is about the service.</summary>
    Service,

    /// <summary>The collection of a namespace's groups.</summary>
    Collection,

    /// <summary>The group that the request names.</summary>
    Group,

    /// <summary>The group that the request names, if it names one; else the collection.</summary>
    GroupIfNamed,

    /// <summary>The group that the request names, if it exists; else the collection, in which it is to be created.</summary>
    GroupOrItsCreation,
}
