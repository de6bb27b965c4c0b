namespace ClientFailover.Client.Connection;

/// <summary>Why a link could not be had, or ended. It decides what is done next.</summary>
internal enum LinkFailure
{
    /// <summary>The network, the service's absence, a time-out: the next endpoint, with pauses.</summary>
    Unreachable,

    /// <summary>Something answers, but not gRPC: REST may be had there.</summary>
    NotStream,

    /// <summary>The credentials were not taken: a new token may be.</summary>
    Unauthenticated,

    /// <summary>The caller may not do it.</summary>
    Denied,

    /// <summary>What was said is refused: only a change of the configuration helps.</summary>
    Refused,

    /// <summary>The session is not there any more: it was deleted.</summary>
    SessionGone,

    /// <summary>Another process said hello with the same session id.</summary>
    Replaced,

    /// <summary>The service stops, and said so.</summary>
    ShuttingDown,
}
