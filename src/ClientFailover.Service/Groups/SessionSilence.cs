namespace ClientFailover.Service.Groups;

/// <summary>For how long nobody has heard from a session.</summary>
/// <param name="SessionId">Its id.</param>
/// <param name="LastHeard">When it was last heard from, on the monotonic clock; its registration or the service's start count.</param>
/// <param name="Silence">The time since then.</param>
/// <param name="IsLost">Whether it counts as lost.</param>
internal readonly record struct SessionSilence(string SessionId, TimeSpan LastHeard, TimeSpan Silence, bool IsLost);
