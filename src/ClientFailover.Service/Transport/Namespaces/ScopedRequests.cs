using ClientFailover.Service.Transport.Namespaces;

namespace ClientFailover.V1;

// The requests that belong to a namespace: the generated members implement the interface.
internal sealed partial class GetVersionRequest : INamespaceScoped;

internal sealed partial class ListGroupsRequest : INamespaceScoped;

internal sealed partial class CreateGroupRequest : INamespaceScoped;

internal sealed partial class GetGroupRequest : INamespaceScoped;

internal sealed partial class DeleteGroupRequest : INamespaceScoped;

internal sealed partial class GetGroupStatusRequest : INamespaceScoped;

internal sealed partial class ListSessionsRequest : INamespaceScoped;

internal sealed partial class RegisterSessionRequest : INamespaceScoped;

internal sealed partial class GetSessionRequest : INamespaceScoped;

internal sealed partial class DeleteSessionRequest : INamespaceScoped;

internal sealed partial class PostHeartbeatRequest : INamespaceScoped;

internal sealed partial class SetRoleOverrideRequest : INamespaceScoped;

internal sealed partial class ListEventsRequest : INamespaceScoped;

internal sealed partial class WatchEventsRequest : INamespaceScoped;

internal sealed partial class Hello : INamespaceScoped;
