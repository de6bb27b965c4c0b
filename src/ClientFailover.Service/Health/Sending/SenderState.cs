namespace ClientFailover.Service.Health.Sending;

/// <summary>What a sender does.</summary>
internal enum SenderState
{
    /// <summary>It was not started yet.</summary>
    New,

    /// <summary>It waits for a message.</summary>
    Idle,

    /// <summary>It has something to send, or waits for an answer.</summary>
    Sending,

    /// <summary>It leaves the endpoint alone for a while.</summary>
    Waiting,

    /// <summary>It has ended.</summary>
    Ended,
}
