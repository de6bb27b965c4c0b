using System.Net.Http.Headers;
using System.Text;
using ClientFailover.Service.Identity;
using ClientFailover.Service.Tests.Tenants;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;
using Microsoft.AspNetCore.Routing;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Transport.Authorization;

/// <summary>
/// Every endpoint there is, for every role, over REST and gRPC: allowed, or the documented refusal. What is documented stands
/// here once more, so that the service's own table is held to it; an endpoint that does not stand here fails.
/// </summary>
public sealed class RoleMatrixTests : ApiTests
{
    private const string Tenant = "acme";
    private const string Namespace = "plant";

    // U: users and administrators; A: administrators; S: administrators of the service.
    private static readonly Dictionary<string, char> Documented = new()
    {
        ["VersionService/GetVersion"] = 'U',
        ["GroupService/ListGroups"] = 'U',
        ["GroupService/CreateGroup"] = 'U',
        ["GroupService/GetGroup"] = 'U',
        ["GroupService/DeleteGroup"] = 'A',
        ["GroupService/GetGroupStatus"] = 'U',
        ["SessionService/ListSessions"] = 'U',
        ["SessionService/RegisterSession"] = 'U',
        ["SessionService/GetSession"] = 'U',
        ["SessionService/DeleteSession"] = 'U',
        ["SessionService/PostHeartbeat"] = 'U',
        ["SessionService/SetRoleOverride"] = 'A',
        ["EventService/ListEvents"] = 'U',
        ["EventService/WatchEvents"] = 'U',
        ["AdapterService/Connect"] = 'U',
        ["AccessControlService/GetGroupsAccessControl"] = 'A',
        ["AccessControlService/SetGroupsAccessControl"] = 'A',
        ["AccessControlService/GetGroupAccessControl"] = 'A',
        ["AccessControlService/SetGroupAccessControl"] = 'A',
        ["TenantService/ListTenants"] = 'S',
        ["TenantService/CreateTenant"] = 'S',
        ["TenantService/GetTenant"] = 'S',
        ["TenantService/DeleteTenant"] = 'S',
        ["TenantService/ListNamespaces"] = 'S',
        ["TenantService/CreateNamespace"] = 'S',
        ["TenantService/GetNamespace"] = 'S',
        ["TenantService/SetNamespace"] = 'S',
        ["TenantService/DeleteNamespace"] = 'S',
        ["ConfigurationService/GetConfiguration"] = 'S',
        ["ConfigurationService/SetConfiguration"] = 'S',
        ["ConfigurationService/GetLogging"] = 'S',
        ["ConfigurationService/SetLogging"] = 'S',
        ["ConfigurationService/ListHealthEndpoints"] = 'S',
        ["ConfigurationService/CreateHealthEndpoints"] = 'S',
        ["ConfigurationService/ReplaceHealthEndpoints"] = 'S',
        ["ConfigurationService/DeleteHealthEndpoints"] = 'S',
        ["ConfigurationService/GetHealthEndpoint"] = 'S',
        ["ConfigurationService/SetHealthEndpoint"] = 'S',
        ["ConfigurationService/DeleteHealthEndpoint"] = 'S',
        ["ServerReflection/ServerReflectionInfo"] = 'U',
        ["Health/Check"] = 'U',
        ["Health/Watch"] = 'U',
    };

    private static readonly string[] OfTheService = ["TenantService", "ConfigurationService", "ServerReflection", "Health"];

    /// <summary>Who calls, by which scheme. A further scheme joins here.</summary>
    public sealed record Who(string Name, AuthenticationHeaderValue? Header, string? Tenant, params string[] Roles)
    {
        public override string ToString() => Name;
    }

    private static Who Test(string name, string? tenant, params string[] roles) =>
        new($"Test: {name}", TestScheme.Header(TestCallers.Of(name.Replace(' ', '-'), tenant, roles)), tenant, roles);

    private static IEnumerable<Who> Callers =>
    [
        new("nobody", null, null),
        new("Basic: user", ApiHost.Basic("adapter", "a"), null, Roles.Users),
        new("Basic: administrator", ApiHost.Basic("admin", "b"), null, Roles.Administrators),
        Test("no role", null),
        Test("user", null, Roles.Users),
        Test("administrator", null, Roles.Administrators),
        Test("both", null, Roles.Users, Roles.Administrators),
        Test("tenant without role", Tenant),
        Test("tenant user", Tenant, Roles.Users),
        Test("tenant administrator", Tenant, Roles.Administrators),
        Test("tenant both", "ACME", Roles.Users, Roles.Administrators),
    ];

    [OneTimeSetUp]
    public Task CreateTenantAsync() => TenantsTests.CreateAsync(Admin, Tenant, Namespace);

    [TestCaseSource(nameof(Callers))]
    public async Task EveryRestRoute_ForTheRole_IsAllowedOrRefusedAsDocumented(Who who)
    {
        var client = Host.Rest(who.Header);
        var wrong = new List<string>();
        var checkedRoutes = 0;
        foreach (var endpoint in Host.Endpoints.Where(e => e.Metadata.GetMetadata<GrpcJsonTranscodingMetadata>() is not null))
        {
            var pattern = endpoint.RoutePattern.RawText!;
            foreach (var tenant in pattern.Contains("{tenant_id}", StringComparison.Ordinal) ? [Tenant, "default"] : new[] { "default" })
            {
                var method = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Single();
                var service = MethodOf(endpoint);
                var expected = ExpectedCode(who, service, tenant);
                var (status, code) = await CallAsync(client, method, Fill(pattern, service, tenant));
                var isRight = expected switch
                {
                    null => status is 200 or 201 or 204 or 400 or 404 or 409,
                    "UNAUTHENTICATED" => (status, code) == (401, expected),
                    _ => (status, code) == (403, expected),
                };
                checkedRoutes++;
                if (!isRight)
                {
                    wrong.Add($"{method} {pattern} of {tenant}: expected {expected ?? "success"}, got {status} {code}");
                }
            }
        }

        Assert.That(wrong, Is.Empty);
        Assert.That(checkedRoutes, Is.GreaterThan(50));
    }

    [TestCaseSource(nameof(Callers))]
    public async Task EveryGrpcMethod_ForTheRole_IsAllowedOrRefusedAsDocumented(Who who)
    {
        var grpc = Host.Grpc(who.Header);
        var wrong = new List<string>();
        var seen = new HashSet<string>();
        foreach (var endpoint in Host.Endpoints.Where(IsNative))
        {
            var method = endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()!.Method;
            var service = MethodOf(endpoint);
            seen.Add(service);
            foreach (var tenant in new[] { Tenant, "default" })
            {
                var expected = ExpectedCode(who, service, tenant);
                var (status, code) = await CallAsync(grpc, method, service, tenant);
                var isRight = expected switch
                {
                    null => status is not (StatusCode.Unauthenticated or StatusCode.PermissionDenied or StatusCode.Internal or StatusCode.Unknown),
                    "UNAUTHENTICATED" => (status, code) == (StatusCode.Unauthenticated, expected),
                    _ => (status, code) == (StatusCode.PermissionDenied, expected),
                };
                if (!isRight)
                {
                    wrong.Add($"{method.FullName} of {tenant}: expected {expected ?? "success"}, got {status} {code}");
                }
            }
        }

        Assert.That(wrong, Is.Empty);
        Assert.That(seen, Is.EquivalentTo(Documented.Keys));
    }

    [TestCaseSource(nameof(Callers))]
    public async Task EveryOtherEndpoint_ForTheRole_IsForUsersButForTheLivenessProbe(Who who)
    {
        var client = Host.Rest(who.Header);
        var others = Host.Endpoints.Where(e => e.Metadata.GetMetadata<GrpcMethodMetadata>() is null).ToList();
        Assert.That(others.Select(e => e.RoutePattern.RawText), Does.Contain("/metrics"));
        Assert.That(
            others.Where(e => e.Metadata.GetMetadata<IAllowAnonymous>() is not null).Select(e => e.RoutePattern.RawText), Is.EqualTo(new[] { "/healthz/live" }));

        foreach (var endpoint in others.Where(e => !e.RoutePattern.RawText!.Contains('{', StringComparison.Ordinal)))
        {
            var isOpen = endpoint.RoutePattern.RawText == "/healthz/live";
            var (status, _) = await CallAsync(client, "GET", endpoint.RoutePattern.RawText!);
            var isOfAllTenants = endpoint.RoutePattern.RawText == "/metrics";
            var isAllowed = isOpen || (who.Roles.Length > 0 && (who.Tenant is null || !isOfAllTenants));
            var expected = isAllowed ? 200 : IsKnown(who) ? 403 : 401;
            Assert.That(status, Is.EqualTo(expected), endpoint.RoutePattern.RawText);
        }
    }

    private static bool IsNative(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<GrpcMethodMetadata>() is not null && endpoint.Metadata.GetMetadata<GrpcJsonTranscodingMetadata>() is null;

    private static bool IsKnown(Who who) => who.Roles.Length > 0 || who.Name.StartsWith("Test", StringComparison.Ordinal);

    // "GroupService/ListGroups" of "/clientfailover.v1.GroupService/ListGroups".
    private static string MethodOf(RouteEndpoint endpoint)
    {
        var method = endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()!.Method;
        return $"{method.ServiceName.Split('.')[^1]}/{method.Name}";
    }

    private static bool IsOfTheService(string service) => OfTheService.Contains(service.Split('/')[0]);

    private static string? ExpectedCode(Who who, string service, string tenant)
    {
        if (!IsKnown(who))
        {
            return "UNAUTHENTICATED";
        }

        var isAdministrator = who.Roles.Contains(Roles.Administrators);
        var isInRole = Documented[service] switch
        {
            'U' => who.Roles.Length > 0,
            'A' => isAdministrator,
            _ => isAdministrator && who.Tenant is null,
        };
        if (!isInRole)
        {
            return "ROLE_MISSING";
        }

        var mayUse = who.Tenant is null ? isAdministrator || tenant == "default" : string.Equals(who.Tenant, tenant, StringComparison.OrdinalIgnoreCase);
        return IsOfTheService(service) || mayUse ? null : "NAMESPACE_DENIED";
    }

    private static string Fill(string pattern, string service, string tenant) => pattern

        // The administrator of the service may delete tenants: not this one.
        .Replace("{tenant_id}", IsOfTheService(service) ? "nobodys" : tenant, StringComparison.Ordinal)
        .Replace("{namespace_id}", tenant == Tenant ? Namespace : "default", StringComparison.Ordinal)
        .Replace("{group_id}", "none", StringComparison.Ordinal)
        .Replace("{session_id}", "none", StringComparison.Ordinal)
        .Replace("{health_endpoint_id}", "none", StringComparison.Ordinal);

    private static async Task<(int Status, string? Code)> CallAsync(HttpClient client, string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path)
        {
            Version = client.DefaultRequestVersion,
            VersionPolicy = client.DefaultVersionPolicy,
            Content = method is "POST" or "PUT" ? new StringContent("{}", Encoding.UTF8, "application/json") : null,
        };

        // A watch does not end.
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return ((int)response.StatusCode, response.IsSuccessStatusCode || !path.StartsWith("/api", StringComparison.Ordinal)
            ? null
            : CodeOf(await response.Content.ReadAsStringAsync()));
    }

    private static async Task<(StatusCode Status, string? Code)> CallAsync(RawGrpc grpc, IMethod method, string service, string tenant)
    {
        // Every request that belongs to a namespace has the tenant and the namespace in its first fields.
        var scope = new V1.GetVersionRequest { TenantId = tenant, NamespaceId = tenant == Tenant ? Namespace : "default" };
        var request = service switch
        {
            "AdapterService/Connect" => Google.Protobuf.MessageExtensions.ToByteArray(Hello("", "", scope.TenantId, scope.NamespaceId)),
            _ when IsOfTheService(service) => [],
            _ => Google.Protobuf.MessageExtensions.ToByteArray(scope),
        };
        try
        {
            await grpc.CallAsync(method, request);
            return (StatusCode.OK, null);
        }
        catch (RpcException e)
        {
            return (e.StatusCode, e.GetRpcStatus()?.GetDetail<Google.Rpc.ErrorInfo>()?.Reason);
        }
    }
}
