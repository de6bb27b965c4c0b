namespace ClientFailover.Client.Connection;

/// <summary>How the life of a session on one link ended: it left, it moved to another link, or the link failed.</summary>
/// <param name="Kind">What the link was made of.</param>
/// <param name="Left">It left in order.</param>
internal sealed record SessionEnd(ConnectionState Kind, bool Left = false)
{
    /// <summary>The link that it moves to.</summary>
    public ILink? Next { get; init; }

    /// <summary>Why the link failed.</summary>
    public LinkException? Failure { get; init; }

    /// <summary>A heartbeat was answered on it.</summary>
    public bool Worked { get; init; }

    /// <summary>How long it lived.</summary>
    public TimeSpan Lasted { get; init; }
}
