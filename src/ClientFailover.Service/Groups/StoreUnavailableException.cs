namespace ClientFailover.Service.Groups;

/// <summary>A change cannot be made durable now, and was not made.</summary>
/// <param name="reason">Why, for people.</param>
internal sealed class StoreUnavailableException(string reason) : Exception(reason);
