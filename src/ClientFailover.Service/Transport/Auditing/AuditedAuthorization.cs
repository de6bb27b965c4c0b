using ClientFailover.Service.Transport.Rest;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace ClientFailover.Service.Transport.Auditing;

/// <summary>Responsible for the audit of what authentication and authorization refuse; they answer as the framework has it.</summary>
/// <param name="refused">Makes the entries.</param>
internal sealed class AuditedAuthorization(RefusedAccess refused) : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler _framework = new();

    /// <inheritdoc/>
    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult) =>
        authorizeResult.Succeeded ? next(context) : RefuseAsync(next, context, policy, authorizeResult);

    private async Task RefuseAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult result)
    {
        await _framework.HandleAsync(next, context, policy, result);
        if (context.Response.StatusCode
            is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden or StatusCodes.Status429TooManyRequests)
        {
            refused.Record(context, RestFailures.Of(context.Response.StatusCode).Code);
        }
    }
}
