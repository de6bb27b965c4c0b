using ClientFailover.Service.Identity;
using ClientFailover.Service.Tenants;
using ClientFailover.Service.Transport.Errors;
using ClientFailover.Service.Transport.Rest;

namespace ClientFailover.Service.Transport.Namespaces;

/// <summary>
/// Responsible for the tenant and namespace of every call, and for who may use them: callers of a tenant those of their
/// tenant, callers of the service the default ones, and the service's administrators all. On REST they come from the route
/// alone: transcoding would take them from the query as well, and so let a caller choose another tenant. In a native call
/// an empty value means the default one.
/// </summary>
/// <param name="directory">Which there are.</param>
internal sealed class NamespaceScope(TenantDirectory directory)
{
    private const string TenantRouteValue = "tenant_id";
    private const string NamespaceRouteValue = "namespace_id";

    /// <summary>Whether the route of a REST call names a namespace that its caller may use.</summary>
    /// <param name="http">The call.</param>
    /// <returns>False: it is to be refused.</returns>
    public bool Admits(HttpContext http) =>
        Find(CallerPrincipal.Of(http), FromRoute(http, TenantRouteValue), FromRoute(http, NamespaceRouteValue)) is not null;

    /// <summary>Puts the tenant and namespace that count into a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="http">The call it came by.</param>
    /// <returns>The namespace.</returns>
    /// <exception cref="FailureException">There is no such tenant or namespace, or the caller may not use it.</exception>
    public NamespaceState Apply(INamespaceScoped request, HttpContext http)
    {
        if (http.IsRest())
        {
            request.TenantId = FromRoute(http, TenantRouteValue);
            request.NamespaceId = FromRoute(http, NamespaceRouteValue);
        }
        else
        {
            Default(request);
        }

        return Admit(request, CallerPrincipal.Of(http));
    }

    /// <summary>Puts the tenant and namespace that count into the first message of a stream, which only gRPC has.</summary>
    /// <param name="message">The message.</param>
    /// <param name="caller">Who sent it.</param>
    /// <returns>The namespace.</returns>
    /// <exception cref="FailureException">There is no such tenant or namespace, or the caller may not use it.</exception>
    public NamespaceState Apply(INamespaceScoped message, Caller caller)
    {
        Default(message);
        return Admit(message, caller);
    }

    private static bool MayUse(Caller caller, string tenant) => caller.TenantId is { } own
        ? string.Equals(own, tenant, StringComparison.OrdinalIgnoreCase)
        : caller.IsAdministrator || DefaultNamespace.Is(tenant);

    private static void Default(INamespaceScoped request)
    {
        if (request.TenantId.Length == 0)
        {
            request.TenantId = DefaultNamespace.Id;
        }

        if (request.NamespaceId.Length == 0)
        {
            request.NamespaceId = DefaultNamespace.Id;
        }
    }

    private static string FromRoute(HttpContext http, string name) =>
        http.Request.RouteValues.TryGetValue(name, out var value) && value is string text ? text : DefaultNamespace.Id;

    private NamespaceState Admit(INamespaceScoped request, Caller? caller) =>
        Find(caller, request.TenantId, request.NamespaceId) ?? throw new FailureException(Failures.NamespaceDenied);

    private NamespaceState? Find(Caller? caller, string tenant, string @namespace) =>
        caller is not null && MayUse(caller, tenant) ? directory.Find(tenant, @namespace) : null;
}
