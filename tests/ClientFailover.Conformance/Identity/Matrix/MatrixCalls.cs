using Google.Api;
using Google.Protobuf.Reflection;

namespace ClientFailover.Conformance.Identity.Matrix;

/// <summary>Every call of the contract, over gRPC and REST, with who may make it by the documentation.</summary>
internal static class MatrixCalls
{
    private static readonly ServiceDescriptor[] Services =
    [
        V1.VersionService.Descriptor,
        V1.GroupService.Descriptor,
        V1.SessionService.Descriptor,
        V1.EventService.Descriptor,
        V1.AdapterService.Descriptor,
        V1.AccessControlService.Descriptor,
        V1.TenantService.Descriptor,
        V1.ConfigurationService.Descriptor,
        global::Grpc.Health.V1.Health.Descriptor,
        global::Grpc.Reflection.V1.ServerReflection.Descriptor,
        global::Grpc.Reflection.V1Alpha.ServerReflection.Descriptor,
    ];

    /// <summary>The names of all services.</summary>
    public static IReadOnlyList<string> ServiceNames { get; } = [.. Services.Select(s => s.FullName)];

    /// <summary>Every method.</summary>
    public static IReadOnlyList<MethodDescriptor> Methods { get; } = [.. Services.SelectMany(s => s.Methods)];

    /// <summary>Every REST route, of both bases, with ids of what does not exist.</summary>
    public static IReadOnlyList<RestRoute> Routes { get; } = [.. Methods.SelectMany(RoutesOf)];

    /// <summary>Whether users may make it; else it is the administrators'.</summary>
    /// <param name="method">The method.</param>
    public static bool IsForUsers(MethodDescriptor method) =>
        method.Service.Name is not ("ConfigurationService" or "TenantService" or "AccessControlService")
        && method.Name is not ("DeleteGroup" or "SetRoleOverride");

    private static IEnumerable<RestRoute> RoutesOf(MethodDescriptor method)
    {
        var rule = method.GetOptions()?.GetExtension(AnnotationsExtensions.Http);
        return rule is null ? [] : rule.AdditionalBindings.Prepend(rule).Select(r => RouteOf(method, r));
    }

    private static RestRoute RouteOf(MethodDescriptor method, HttpRule rule)
    {
        var (verb, pattern) = rule.PatternCase switch
        {
            HttpRule.PatternOneofCase.Get => ("GET", rule.Get),
            HttpRule.PatternOneofCase.Put => ("PUT", rule.Put),
            HttpRule.PatternOneofCase.Post => ("POST", rule.Post),
            HttpRule.PatternOneofCase.Delete => ("DELETE", rule.Delete),
            _ => throw new InvalidOperationException($"{method.FullName} has a route of another kind: {rule}"),
        };
        var path = pattern

            // The administrator may delete tenants: not the one that the other calls are about.
            .Replace("{tenant_id}", method.Service.Name == "TenantService" ? "nobodys" : "default", StringComparison.Ordinal)
            .Replace("{namespace_id}", "default", StringComparison.Ordinal);
        return new RestRoute(method, verb, System.Text.RegularExpressions.Regex.Replace(path, "{[a-z_]+}", "none"));
    }
}

/// <summary>A REST route.</summary>
/// <param name="Method">The method that it shares with gRPC.</param>
/// <param name="Verb">The HTTP method.</param>
/// <param name="Path">The path.</param>
internal sealed record RestRoute(MethodDescriptor Method, string Verb, string Path)
{
    /// <summary>Its body; null: it has none.</summary>
    public string? Body => Verb is "POST" or "PUT" ? "{}" : null;

    /// <inheritdoc/>
    public override string ToString() => $"{Verb} {Path}";
}

/// <summary>What a caller is by the matrix.</summary>
public enum MatrixRole
{
    /// <summary>It has no credentials that count.</summary>
    Unknown,

    /// <summary>It is known, and has no role.</summary>
    Nobody,

    /// <summary>A user.</summary>
    User,

    /// <summary>An administrator.</summary>
    Administrator,
}

/// <summary>What was answered.</summary>
/// <param name="Status">Of REST or of gRPC.</param>
/// <param name="Reason">The stable reason; null: none was told.</param>
internal readonly record struct MatrixAnswer(int Status, string? Reason)
{
    /// <summary>Whether it is what the documentation says, over REST.</summary>
    /// <param name="method">Of which method.</param>
    /// <param name="role">For whom.</param>
    public bool IsRightOfRest(MethodDescriptor method, MatrixRole role) => Expected(method, role) switch
    {
        null => Status is 200 or 201 or 204 or 400 or 404 or 409,
        "UNAUTHENTICATED" => this == new MatrixAnswer(401, "UNAUTHENTICATED"),
        var refused => this == new MatrixAnswer(403, refused),
    };

    /// <summary>Whether it is what the documentation says, over gRPC.</summary>
    /// <param name="method">Of which method.</param>
    /// <param name="role">For whom.</param>
    public bool IsRightOfGrpc(MethodDescriptor method, MatrixRole role) => Expected(method, role) switch
    {
        // Neither UNAUTHENTICATED nor PERMISSION_DENIED, nor anything that is no answer: UNKNOWN, INTERNAL.
        null => Status is not (16 or 7 or 2 or 13),
        "UNAUTHENTICATED" => this == new MatrixAnswer(16, "UNAUTHENTICATED"),
        var refused => this == new MatrixAnswer(7, refused),
    };

    private static string? Expected(MethodDescriptor method, MatrixRole role) => role switch
    {
        MatrixRole.Unknown => "UNAUTHENTICATED",
        MatrixRole.Administrator => null,
        MatrixRole.User when MatrixCalls.IsForUsers(method) => null,
        _ => "ROLE_MISSING",
    };
}
