namespace ClientFailover.Service.Groups;

/// <summary>A change cannot be made durable now, and was not made.</summary>
/// <param name="reason">Why, for people.</param>
internal sealed class StoreUnavailableException(string reason) : Exception(reason)
{
    /// <summary>How long the store is waited for.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The store was waited for long enough.</summary>
    /// <returns>What to throw.</returns>
    public static StoreUnavailableException NotAnswered() =>
        new($"The store has not answered for {Patience.TotalSeconds:0} seconds. The change may still be made.");
}
