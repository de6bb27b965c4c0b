using ClientFailover.Engine;
using ClientFailover.Service.AccessControl;
using ClientFailover.Service.Groups;
using Grpc.Core;

namespace ClientFailover.Service.Transport.Errors;

/// <summary>The one table from everything that can go wrong with a call to what its caller is told.</summary>
internal static class Failures
{
    private const string ReadTheContract = "Correct the request; the documentation names every member and what it allows.";

    /// <summary>What a refusal of the engine comes to.</summary>
    /// <param name="refusal">The refusal.</param>
    /// <param name="groupId">The group that was asked for.</param>
    /// <param name="sessionId">The session that was asked for, if any.</param>
    /// <returns>The failure.</returns>
    public static Failure Of(Refusal refusal, string groupId, string? sessionId = null) => refusal.Kind switch
    {
        RefusalKind.GroupNotFound => new(
            StatusCode.NotFound,
            "GROUP_NOT_FOUND",
            $"Group '{groupId}' was not found.",
            "The namespace has no group with this id.",
            "Create the group first, or correct the id."),
        RefusalKind.SessionNotFound => new(
            StatusCode.NotFound,
            "SESSION_NOT_FOUND",
            $"Session '{sessionId}' of group '{groupId}' was not found.",
            "No session with this id is registered in the group: it never was, or it was deleted.",
            "Register the session, or correct the id."),
        RefusalKind.GroupDiffers => new(
            StatusCode.AlreadyExists,
            "GROUP_DIFFERS",
            $"Group '{groupId}' was not created.",
            "It exists already, with a different configuration.",
            "Read the group and adopt its configuration, or delete it and create it again."),
        RefusalKind.SessionNameDiffers => new(
            StatusCode.AlreadyExists,
            "SESSION_NAME_DIFFERS",
            $"Session '{sessionId}' was not registered in group '{groupId}'.",
            "The id is registered already, under a different name.",
            "Use an id of its own for each adapter, or delete the session first if it is out of use."),
        RefusalKind.GroupActive => new(
            StatusCode.Aborted,
            "GROUP_ACTIVE",
            $"Group '{groupId}' was not deleted.",
            "It has active sessions.",
            "Stop its adapters, delete their sessions or let them time out, then try again."),
        RefusalKind.HeartbeatTooSoon => new(
            StatusCode.ResourceExhausted,
            "HEARTBEAT_TOO_SOON",
            $"The heartbeat of session '{sessionId}' in group '{groupId}' was refused.",
            "It came sooner after the last one than a heartbeat can be due. It counts as a sign of life.",
            "Send a heartbeat every half of the group's failover timeout.")
        { RetryAfter = refusal.RetryAfter ?? TimeSpan.FromSeconds(1) },
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal.Kind, "A kind of refusal without an answer."),
    };

    /// <summary>The store cannot be written.</summary>
    /// <param name="exception">Why.</param>
    /// <returns>The failure.</returns>
    public static Failure Of(StoreUnavailableException exception) => new(
        StatusCode.Unavailable,
        "STORE_UNAVAILABLE",
        "The change was not made.",
        Sentence(exception.Message),
        "Try again later. Roles and heartbeats are not affected.")
    { RetryAfter = TimeSpan.FromSeconds(5) };

    // What the store says of itself stands in the middle of its log's sentences.
    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..] + (text.EndsWith('.') ? "" : ".");

    /// <summary>Members of the request are not valid.</summary>
    /// <param name="violations">All of them.</param>
    /// <returns>The failure.</returns>
    public static Failure Invalid(IReadOnlyList<Violation> violations) => new(
        StatusCode.InvalidArgument,
        "REQUEST_INVALID",
        "The request is not valid.",
        string.Join("; ", violations.Select(v => $"{v.Member} {v.Allowed}")) + ".",
        ReadTheContract)
    { Violations = violations };

    /// <summary>The body cannot be read.</summary>
    /// <param name="cause">Why.</param>
    /// <returns>The failure.</returns>
    public static Failure Unreadable(string cause) =>
        new(StatusCode.InvalidArgument, "REQUEST_UNREADABLE", "The request cannot be read.", cause, ReadTheContract);

    /// <summary>The bytes of a native message are none of the contract's.</summary>
    public static Failure UnreadableMessage { get; } = Unreadable("A message is no protobuf message of the contract.");

    /// <summary>A message of an adapter's stream is too large.</summary>
    public static Failure MessageTooLarge { get; } = new(
        StatusCode.ResourceExhausted,
        "BODY_TOO_LARGE",
        "The message was refused.",
        "It is larger than the service accepts: 192 KiB for the hello unless it is set up otherwise, 4 KiB for each later one.",
        "Send a smaller message.");

    /// <summary>A native message is compressed.</summary>
    public static Failure Compressed { get; } = new(
        StatusCode.Unimplemented,
        "COMPRESSION_UNSUPPORTED",
        "The message cannot be read.",
        "It is compressed, which the service takes from nobody.",
        "Send messages as they are; grpc-accept-encoding names what is taken.");

    /// <summary>The tenant or namespace does not exist, or is somebody else's: callers cannot tell which.</summary>
    public static Failure NamespaceDenied { get; } = new(
        StatusCode.PermissionDenied,
        "NAMESPACE_DENIED",
        "Access to the namespace was denied.",
        "The tenant or the namespace does not exist, or the caller has no access to it.",
        "Correct the tenant and namespace ids, or ask an administrator for access.");

    /// <summary>The caller did not say who it is, or not credibly.</summary>
    public static Failure Unauthenticated { get; } = new(
        StatusCode.Unauthenticated,
        "UNAUTHENTICATED",
        "The request was not authenticated.",
        "It has no credentials, or they are not valid.",
        "Send valid credentials; the WWW-Authenticate header names the schemes.");

    /// <summary>The caller's role does not allow the call.</summary>
    public static Failure RoleMissing { get; } = new(
        StatusCode.PermissionDenied,
        "ROLE_MISSING",
        "The request was refused.",
        "The caller is not in the role that this call requires.",
        "Use an account in the required role, or ask an administrator for the role.");

    /// <summary>The caller's role allows the call, but an access control list does not.</summary>
    /// <param name="groupId">The group; empty: the collection of groups.</param>
    /// <param name="needed">The rights that the call needs.</param>
    /// <returns>The failure.</returns>
    public static Failure AccessDenied(string groupId, AccessRights needed) => new(
        StatusCode.PermissionDenied,
        "ACCESS_DENIED",
        groupId.Length == 0 ? "Access to the groups of the namespace was denied." : $"Access to group '{groupId}' was denied.",
        $"The access control list does not give the caller what this call needs: {needed}.",
        "Ask an administrator to change the list, or use another account.");

    /// <summary>The deadline of a call passed.</summary>
    public static Failure DeadlineExceeded { get; } = new(
        StatusCode.DeadlineExceeded,
        "DEADLINE_EXCEEDED",
        "The call was not answered in time.",
        "Its deadline passed. What it asked for may have been done all the same.",
        "Read the state, and repeat the call with a later deadline if need be.");

    /// <summary>The caller gave the call up.</summary>
    public static Failure Cancelled { get; } = new(
        StatusCode.Cancelled,
        "CANCELLED",
        "The call was cancelled.",
        "Its caller gave it up. What it asked for may have been done all the same.",
        "Read the state, and repeat the call if need be.");

    /// <summary>The service is stopping.</summary>
    public static Failure Stopping { get; } = new(
        StatusCode.Unavailable,
        "SERVICE_STOPPING",
        "The call was ended.",
        "The service is stopping. Roles are kept.",
        "Connect again.")
    { RetryAfter = TimeSpan.FromSeconds(1) };

    /// <summary>Another stream of the same session took the place of this one.</summary>
    public static Failure StreamReplaced { get; } = new(
        StatusCode.Aborted,
        "STREAM_REPLACED",
        "The stream was ended.",
        "Another stream of the same session was opened.",
        "If that was not this adapter, give each adapter a session id of its own.");

    /// <summary>What the caller of a stream said who it is by has expired or was withdrawn.</summary>
    public static Failure CredentialEnded { get; } = new(
        StatusCode.Unauthenticated,
        "CREDENTIAL_ENDED",
        "The stream was ended.",
        "The token, certificate or account it was opened with has expired or was withdrawn.",
        "Open another with valid credentials. An adapter's role is kept until its session's deadline.");

    /// <summary>An adapter does not follow the order of messages of its stream.</summary>
    /// <param name="cause">What it did.</param>
    /// <returns>The failure.</returns>
    public static Failure OutOfOrder(string cause) => new(
        StatusCode.InvalidArgument,
        "STREAM_OUT_OF_ORDER",
        "The stream was ended.",
        cause,
        "Send hello first and once, then heartbeats and acknowledgements, and goodbye last.");

    /// <summary>A defect of the service. Tells nothing of its inside.</summary>
    public static Failure Internal { get; } = new(
        StatusCode.Internal,
        "INTERNAL",
        "The request failed.",
        "The service came upon an error that it did not expect.",
        "Try again. If it stays, look in the service's log for the operation id, and report it.");
}
