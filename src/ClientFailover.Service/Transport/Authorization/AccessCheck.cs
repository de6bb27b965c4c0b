using ClientFailover.Service.AccessControl;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Identity;
using ClientFailover.Service.Transport.Errors;
using ClientFailover.Service.Transport.Namespaces;

namespace ClientFailover.Service.Transport.Authorization;

/// <summary>
/// Responsible for holding calls to the access control lists. Their roles were checked before; where no list was set, those
/// decide, and a call pays for nothing but to find that out.
/// </summary>
/// <param name="access">The lists.</param>
/// <param name="directory">Knows which groups there are.</param>
internal sealed class AccessCheck(AccessLists access, IGroupDirectory directory)
{
    /// <summary>Lets a call through, or does not.</summary>
    /// <param name="http">The call.</param>
    /// <param name="operation">Its row.</param>
    /// <param name="request">The request, its namespace settled.</param>
    /// <exception cref="FailureException">The caller has not the rights.</exception>
    public void Require(HttpContext http, Operation operation, INamespaceScoped request)
    {
        if (access.IsAnySet
            && operation.On is not (AccessTarget.Nothing or AccessTarget.Service)
            && CallerPrincipal.Of(http) is { } caller)
        {
            Require(caller, KeyOf(operation.On, request), operation.Rights);
        }
    }

    /// <summary>Lets a caller through, or does not.</summary>
    /// <param name="caller">The caller.</param>
    /// <param name="key">The group, or the collection.</param>
    /// <param name="needed">The rights that are needed.</param>
    /// <exception cref="FailureException">The caller has not the rights.</exception>
    public void Require(Caller caller, GroupKey key, AccessRights needed)
    {
        if (!access.Allow(caller, key, needed))
        {
            throw new FailureException(Failures.AccessDenied(key.Group, needed));
        }
    }

    /// <summary>What a call that may create a group is about: the group if it exists, else the collection.</summary>
    /// <param name="key">The group.</param>
    /// <returns>The key of whichever it is.</returns>
    public GroupKey GroupOrCollection(GroupKey key) =>
        directory.Find(key) is null ? AccessLists.Collection(key.Tenant, key.Namespace) : key;

    private GroupKey KeyOf(AccessTarget on, INamespaceScoped request)
    {
        var group = on == AccessTarget.Collection || request is not IGroupScoped { GroupId: { } id } ? "" : id;
        var key = new GroupKey(request.TenantId, request.NamespaceId, group);
        return on == AccessTarget.GroupOrItsCreation ? GroupOrCollection(key) : key;
    }
}
