using ClientFailover.Service.Identity;
using ClientFailover.Service.Transport.Errors;
using Grpc.Core;

namespace ClientFailover.Service.Transport.Authorization;

/// <summary>A short form for who called.</summary>
internal static class CallerOfCall
{
    /// <summary>Who called. Authorization lets nobody through of whom that is not known.</summary>
    /// <param name="context">The call.</param>
    /// <returns>The caller.</returns>
    /// <exception cref="FailureException">It is not known.</exception>
    public static Caller Caller(this ServerCallContext context) =>
        CallerPrincipal.Of(context.GetHttpContext()) ?? throw new FailureException(Failures.Unauthenticated);
}
