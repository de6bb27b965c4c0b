using ClientFailover.Service.Tenants;
using ClientFailover.Service.Transport.Errors;

namespace ClientFailover.Service.Transport.Namespaces;

/// <summary>Holds calls to the rate of their namespace.</summary>
internal static class RequestLimit
{
    /// <summary>Counts a request.</summary>
    /// <param name="state">Its namespace.</param>
    /// <exception cref="FailureException">The namespace makes too many.</exception>
    public static void TakeRequest(this NamespaceState state)
    {
        if (!state.Rate.TryTake(out var wait))
        {
            throw new FailureException(TenantFailures.RateLimited(state.RequestsPerSecond, wait));
        }
    }
}
