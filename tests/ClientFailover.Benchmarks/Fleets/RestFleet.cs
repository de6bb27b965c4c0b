using ClientFailover.Benchmarks.Http1;
using ClientFailover.Benchmarks.Processes;

namespace ClientFailover.Benchmarks.Fleets;

/// <summary>The calls of many field adapters that speak REST.</summary>
/// <param name="server">The server.</param>
/// <param name="plan">How many adapters there are.</param>
internal sealed class RestFleet(ServerAddress server, FleetPlan plan)
{
    private const string GroupsPath = "/api/v1/clientfailover/groups";

    /// <summary>Creates the groups of all adapters, then their sessions.</summary>
    /// <param name="pool">Connections to do so on.</param>
    public void Register(ConnectionPool pool)
    {
        pool.SendAll(Enumerable.Range(0, plan.Sessions / FleetPlan.SessionsPerGroup).Select(group => Encode(
            GroupsPath,
            $$"""{"Id":"{{plan.GroupId(group * FleetPlan.SessionsPerGroup)}}","FailoverTimeout":"{{plan.FailoverTimeout:c}}"}""")));
        pool.SendAll(Enumerable.Range(0, plan.Sessions).Select(session => Encode(
            SessionsPath(session),
            $$"""{"Id":"{{plan.SessionId(session)}}","Name":"{{plan.SessionId(session)}}"}""")));
    }

    /// <summary>The heartbeat of an adapter.</summary>
    /// <param name="session">Number of the session, from 0.</param>
    /// <param name="pathPrefix">Before the documented path.</param>
    /// <returns>The call, ready to send.</returns>
    public byte[] Heartbeat(int session, string pathPrefix = "") => Encode(
        $"{pathPrefix}{SessionsPath(session)}/{plan.SessionId(session)}/heartbeat",
        $$"""{"FailoverScore":100,"LastDataProcessedTime":"{{DateTime.UtcNow:O}}"}""");

    private string SessionsPath(int session) => $"{GroupsPath}/{plan.GroupId(session)}/clientsessions";

    private byte[] Encode(string path, string json) => RestRequest.Encode(server.Rest, "POST", path, server.Authorization, json);
}
