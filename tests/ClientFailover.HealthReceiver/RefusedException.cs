namespace ClientFailover.HealthReceiver;

/// <summary>A message is not taken.</summary>
/// <param name="status">The status to answer with.</param>
/// <param name="reason">Which rule it breaks.</param>
public sealed class RefusedException(int status, string reason) : Exception(reason)
{
    public int Status { get; } = status;

    /// <summary>Whether the sender should have known better; false: the endpoint is of a kind that does not take it.</summary>
    public bool BreaksARule { get; init; } = true;

    internal static RefusedException Malformed(string reason) => new(400, reason);
}
