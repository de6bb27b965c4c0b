using ClientFailover.Service.AccessControl;

namespace ClientFailover.Service.Transport.Authorization;

/// <summary>What a call needs of its caller.</summary>
/// <param name="Method">The full name of the gRPC method, which its REST routes share: <c>/package.Service/Method</c>.</param>
/// <param name="Policy">The role: one of <see cref="Identity.Policies"/>.</param>
/// <param name="Rights">The rights, beyond the role.</param>
/// <param name="On">What the rights are needed on.</param>
internal sealed record Operation(string Method, string Policy, AccessRights Rights, AccessTarget On);

/// <summary>What rights are needed on.</summary>
internal enum AccessTarget
{
    /// <summary>Nothing: the role is enough.</summary>
    Nothing,

    /// <summary>The collection of a namespace's groups.</summary>
    Collection,

    /// <summary>The group that the request names.</summary>
    Group,

    /// <summary>The group that the request names, if it names one; else the collection.</summary>
    GroupIfNamed,

    /// <summary>The group that the request names, if it exists; else the collection, in which it is to be created.</summary>
    GroupOrItsCreation,
}
