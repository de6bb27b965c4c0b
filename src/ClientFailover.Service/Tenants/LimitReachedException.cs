namespace ClientFailover.Service.Tenants;

/// <summary>A namespace, or a group of it, has as much as it may; nothing was made.</summary>
/// <param name="limit">Of what.</param>
internal sealed class LimitReachedException(LimitReached limit) : Exception($"The limit of {limit.Kind} is reached: {limit.Maximum}.")
{
    /// <summary>Of what.</summary>
    public LimitReached Limit { get; } = limit;
}
