using ClientFailover.Service.Transport.Errors;
using ClientFailover.Service.Transport.Rest;

namespace ClientFailover.Service.Transport.Namespaces;

/// <summary>
/// Responsible for the tenant and namespace of every call. On REST they come from the route alone: transcoding
/// would take them from the query as well, and so let a caller choose another tenant. In a native call an empty
/// value means the default one.
/// </summary>
/// <param name="directory">Which there are.</param>
internal sealed class NamespaceScope(INamespaceDirectory directory)
{
    private const string TenantRouteValue = "tenant_id";
    private const string NamespaceRouteValue = "namespace_id";

    /// <summary>Whether the route of a REST call names a namespace that exists.</summary>
    /// <param name="http">The call.</param>
    /// <returns>False: it is to be refused.</returns>
    public bool Admits(HttpContext http) =>
        directory.Exists(FromRoute(http, TenantRouteValue), FromRoute(http, NamespaceRouteValue));

    /// <summary>Puts the tenant and namespace that count into a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="http">The call it came by.</param>
    /// <exception cref="FailureException">There is no such tenant or namespace.</exception>
    public void Apply(INamespaceScoped request, HttpContext http)
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

        Admit(request);
    }

    /// <summary>Puts the tenant and namespace that count into the first message of a stream, which only gRPC has.</summary>
    /// <param name="message">The message.</param>
    /// <exception cref="FailureException">There is no such tenant or namespace.</exception>
    public void Apply(INamespaceScoped message)
    {
        Default(message);
        Admit(message);
    }

    private void Admit(INamespaceScoped request)
    {
        if (!directory.Exists(request.TenantId, request.NamespaceId))
        {
            throw new FailureException(Failures.NamespaceDenied);
        }
    }

    private static void Default(INamespaceScoped request)
    {
        if (request.TenantId.Length == 0)
        {
            request.TenantId = SingleNamespace.Default;
        }

        if (request.NamespaceId.Length == 0)
        {
            request.NamespaceId = SingleNamespace.Default;
        }
    }

    private static string FromRoute(HttpContext http, string name) =>
        http.Request.RouteValues.TryGetValue(name, out var value) && value is string text ? text : SingleNamespace.Default;
}
