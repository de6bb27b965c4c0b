namespace ClientFailover.Service.Identity;

/// <summary>What a caller was recognised by, and may stop counting while a stream that was opened with it is still open.</summary>
internal interface IRevocable
{
    /// <summary>Whether it no longer counts. Cheap: it is asked of every open stream when something changed.</summary>
    bool IsRevoked { get; }
}
