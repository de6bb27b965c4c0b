namespace ClientFailover.Benchmarks.Fleets;

/// <summary>How many adapters a fleet has, and how they connect.</summary>
/// <param name="Name">Begins the ids of its groups.</param>
/// <param name="Sessions">Number of sessions, each with a stream.</param>
/// <param name="Connections">Number of connections that share the streams evenly.</param>
/// <param name="FailoverTimeout">The failover timeout of all groups.</param>
internal sealed record FleetPlan(string Name, int Sessions, int Connections, TimeSpan FailoverTimeout)
{
    /// <summary>Sessions of one group: a pair, as in the field.</summary>
    public const int SessionsPerGroup = 2;

    /// <summary>The group of a session.</summary>
    /// <param name="session">Number of the session, from 0.</param>
    /// <returns>The group's id.</returns>
    public string GroupId(int session) => $"{Name}-{session / SessionsPerGroup}";

    /// <summary>The id of a session.</summary>
    /// <param name="session">Number of the session, from 0.</param>
    /// <returns>The id.</returns>
    public string SessionId(int session) => $"{GroupId(session)}.{session % SessionsPerGroup}";
}
