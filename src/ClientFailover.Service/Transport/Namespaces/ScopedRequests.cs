using ClientFailover.Service.Transport.Namespaces;

namespace ClientFailover.V1;

// The requests that belong to a namespace, or to a group of it: the generated members implement the interfaces.
internal sealed partial class GetVersionRequest : INamespaceScoped;

internal sealed partial class ListGroupsRequest : INamespaceScoped;

internal sealed partial class CreateGroupRequest : IGroupScoped
{
    /// <inheritdoc/>
    string? IGroupScoped.GroupId => Group?.Id;
}

internal sealed partial class GetGroupRequest : IGroupScoped;

internal sealed partial class DeleteGroupRequest : IGroupScoped;

internal sealed partial class GetGroupStatusRequest : IGroupScoped;

internal sealed partial class ListSessionsRequest : IGroupScoped;

internal sealed partial class RegisterSessionRequest : IGroupScoped;

internal sealed partial class GetSessionRequest : IGroupScoped;

internal sealed partial class DeleteSessionRequest : IGroupScoped;

internal sealed partial class PostHeartbeatRequest : IGroupScoped;

internal sealed partial class SetRoleOverrideRequest : IGroupScoped;

internal sealed partial class ListEventsRequest : IGroupScoped;

internal sealed partial class WatchEventsRequest : IGroupScoped
{
    /// <inheritdoc/>
    string? IGroupScoped.GroupId => Group;
}

internal sealed partial class GetGroupsAccessControlRequest : INamespaceScoped;

internal sealed partial class SetGroupsAccessControlRequest : INamespaceScoped;

internal sealed partial class GetGroupAccessControlRequest : IGroupScoped;

internal sealed partial class SetGroupAccessControlRequest : IGroupScoped;

internal sealed partial class Hello : INamespaceScoped;
