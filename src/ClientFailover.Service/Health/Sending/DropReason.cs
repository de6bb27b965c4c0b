namespace ClientFailover.Service.Health.Sending;

/// <summary>Why an endpoint does not get a message.</summary>
internal enum DropReason
{
    /// <summary>Newer ones needed the room: the endpoint was out of reach for too long.</summary>
    Full,

    /// <summary>It refused it.</summary>
    Refused,

    /// <summary>It is no endpoint of the configuration any more.</summary>
    Removed,

    /// <summary>The service stopped before it could be sent.</summary>
    Stopped,
}
