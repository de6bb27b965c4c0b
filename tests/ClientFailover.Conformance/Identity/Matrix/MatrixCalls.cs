using Google.Api;
using Google.Protobuf;
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
    public static IReadOnlyList<RestRoute> Routes { get; } = RoutesOf("default", "default");

    /// <summary>Every REST route, of both bases, with ids of what does not exist.</summary>
    /// <param name="tenant">The tenant of those that name one.</param>
    /// <param name="namespace">Its namespace.</param>
    public static IReadOnlyList<RestRoute> RoutesOf(string tenant, string @namespace) => [.. Methods.SelectMany(m => RoutesOf(m, tenant, @namespace))];

    /// <summary>The least that a method can be called with.</summary>
    /// <param name="method">The method.</param>
    /// <param name="tenant">The tenant, if the method is about one.</param>
    /// <param name="namespace">Its namespace.</param>
    public static byte[] MessageOf(MethodDescriptor method, string tenant, string @namespace)
    {
        var message = method.InputType.Parser.ParseFrom(ByteString.Empty);
        var scoped = message is V1.AdapterMessage first ? first.Hello = new V1.Hello() : message;
        Set("tenant_id", TenantOf(method, tenant));
        Set("namespace_id", @namespace);
        return message.ToByteArray();

        void Set(string name, string value) => scoped.Descriptor.FindFieldByName(name)?.Accessor.SetValue(scoped, value);
    }

    /// <summary>Whether users may make it; else it is the administrators'.</summary>
    /// <param name="method">The method.</param>
    public static bool IsForUsers(MethodDescriptor method) =>
        method.Service.Name is not ("ConfigurationService" or "TenantService" or "AccessControlService")
        && method.Name is not ("DeleteGroup" or "SetRoleOverride");

    /// <summary>Whether it is about the service and no tenant's: for its own administrators.</summary>
    /// <param name="method">The method.</param>
    public static bool IsOfTheService(MethodDescriptor method) => method.Service.Name is "ConfigurationService" or "TenantService";

    /// <summary>Whether it is about a namespace.</summary>
    /// <param name="method">The method.</param>
    public static bool IsOfANamespace(MethodDescriptor method) =>
        !IsOfTheService(method) && method.Service.File.Package == V1.VersionService.Descriptor.File.Package;

    // The administrator may delete tenants: not the one that the other calls are about.
    private static string TenantOf(MethodDescriptor method, string tenant) => method.Service.Name == "TenantService" ? "nobodys" : tenant;

    private static IEnumerable<RestRoute> RoutesOf(MethodDescriptor method, string tenant, string @namespace)
    {
        var rule = method.GetOptions()?.GetExtension(AnnotationsExtensions.Http);
        return rule is null ? [] : rule.AdditionalBindings.Prepend(rule).Select(r => RouteOf(method, r, tenant, @namespace));
    }

    private static RestRoute RouteOf(MethodDescriptor method, HttpRule rule, string tenant, string @namespace)
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
            .Replace("{tenant_id}", TenantOf(method, tenant), StringComparison.Ordinal)
            .Replace("{namespace_id}", @namespace, StringComparison.Ordinal);
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

    /// <summary>Whether it names a tenant.</summary>
    public bool NamesATenant => Path.StartsWith("/api/v1/tenants/", StringComparison.Ordinal);

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
    /// <summary>Why somebody is refused by the documentation who may use what the call is about.</summary>
    /// <param name="method">What is called.</param>
    /// <param name="role">By whom.</param>
    /// <returns>The stable reason; null: the call is allowed.</returns>
    public static string? RefusalOf(MethodDescriptor method, MatrixRole role) => role switch
    {
        MatrixRole.Unknown => "UNAUTHENTICATED",
        MatrixRole.Administrator => null,
        MatrixRole.User when MatrixCalls.IsForUsers(method) => null,
        _ => "ROLE_MISSING",
    };

    /// <summary>Whether it is what the documentation says, over REST.</summary>
    /// <param name="refusal">The stable reason of the refusal; null: the call is allowed.</param>
    public bool IsRestOf(string? refusal) => refusal switch
    {
        null => Status is 200 or 201 or 204 or 400 or 404 or 409,
        "UNAUTHENTICATED" => this == new MatrixAnswer(401, "UNAUTHENTICATED"),
        var refused => this == new MatrixAnswer(403, refused),
    };

    /// <summary>Whether it is what the documentation says, over gRPC.</summary>
    /// <param name="refusal">The stable reason of the refusal; null: the call is allowed.</param>
    public bool IsGrpcOf(string? refusal) => refusal switch
    {
        // Neither UNAUTHENTICATED nor PERMISSION_DENIED, nor anything that is no answer: UNKNOWN, INTERNAL.
        null => Status is not (16 or 7 or 2 or 13),
        "UNAUTHENTICATED" => this == new MatrixAnswer(16, "UNAUTHENTICATED"),
        var refused => this == new MatrixAnswer(7, refused),
    };
}
