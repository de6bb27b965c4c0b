using System.Globalization;
using ClientFailover.Service.Tenants;
using ClientFailover.Service.Transport.Rest;
using Google.Protobuf;
using Grpc.AspNetCore.Server;

namespace ClientFailover.Service.Transport.Auditing;

/// <summary>Responsible for what the audit calls operations and what they are done to. Takes nothing but names from a call.</summary>
internal static class AuditNames
{
    private const int LongestName = 256;
    private const string Nothing = "-";
    private const int NamespaceMembers = 2;

    // From the outer to the inner: the members of requests and of routes have the same names.
    private static readonly string[] Members = ["tenant_id", "namespace_id", "group_id", "session_id", "health_endpoint_id"];

    /// <summary>The operation of a call, the same over REST and gRPC: <c>GroupService.DeleteGroup</c>.</summary>
    /// <param name="http">The call.</param>
    /// <returns>A stable name.</returns>
    public static string ActionOf(HttpContext http)
    {
        var endpoint = http.GetEndpoint();
        if (endpoint?.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method is { } method)
        {
            return $"{method.ServiceName[(method.ServiceName.LastIndexOf('.') + 1)..]}.{method.Name}";
        }

        return endpoint?.DisplayName ?? "unknown route";
    }

    /// <summary>What a request is about.</summary>
    /// <param name="message">The request.</param>
    /// <returns>Ids, such as <c>default/default/Line1</c>.</returns>
    public static string TargetOf(IMessage message) =>
        Join(Members.Select(m => message.Descriptor.FindFieldByName(m)?.Accessor.GetValue(message) as string));

    /// <summary>What a request is about that was refused before it was read: its route says it on REST alone.</summary>
    /// <param name="http">The call.</param>
    /// <returns>Ids, such as <c>default/default/Line1</c>; <c>-</c>: unknown.</returns>
    public static string TargetOf(HttpContext http) => http.IsRest()
        ? Join(Members.Select((m, i) => http.Request.RouteValues.GetValueOrDefault(m) as string ?? (i < NamespaceMembers ? DefaultNamespace.Id : null)))
        : Nothing;

    private static string Join(IEnumerable<string?> names)
    {
        var target = string.Join('/', names.Where(n => !string.IsNullOrEmpty(n)).Select(n => Plain(n!)));
        return target.Length == 0 ? Nothing : target;
    }

    // Of what is refused nobody has checked the names: nothing may start a line or move a cursor in the log.
    private static string Plain(string name)
    {
        var text = name.Length > LongestName ? name[..LongestName] : name;
        return text.All(IsPlain) ? text : string.Concat(text.Select(c => IsPlain(c) ? c : '?'));
    }

    private static bool IsPlain(char c) => char.GetUnicodeCategory(c) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
