using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace ClientFailover.Benchmarks.Echo;

/// <summary>The limit that REST heartbeats are measured against: an empty endpoint that parses and answers the same JSON.</summary>
internal static class EchoHeartbeat
{
    /// <summary>Before the path of the endpoint that asks for credentials.</summary>
    public const string AuthenticatedPrefix = "/authenticated";

    private const string Route =
        "/api/v1/clientfailover/groups/{groupId}/clientsessions/{sessionId}/heartbeat";

    /// <summary>Maps the endpoint, with and without authentication.</summary>
    /// <param name="routes">Where.</param>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(Route, Answer);
        routes.MapPost(AuthenticatedPrefix + Route, Answer)
            .RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = EchoAuthentication.SchemeName });
    }

    private static Reply Answer(string groupId, string sessionId, Beat beat) =>
        new(groupId.Length + sessionId.Length > 0 ? 1 : 0, beat.LastDataProcessedTime);

    private sealed record Beat(float FailoverScore, DateTime? LastDataProcessedTime);

    private sealed record Reply(int Role, DateTime? LastDataProcessedTime);
}
