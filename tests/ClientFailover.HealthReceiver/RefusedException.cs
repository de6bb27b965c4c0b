namespace ClientFailover.HealthReceiver;

/// <summary>A message is not taken.</summary>
/// <param name="status">The status to answer with.</param>
/// <param name="reason">Which rule it breaks.</param>
public sealed class RefusedException(int status, string reason) : Exception(reason)
{
    public int Status { get; } = status;

    internal static RefusedException Malformed(string reason) => new(400, reason);
}
