using ClientFailover.Service.Storage;

namespace ClientFailover.Service.Health.Faults;

/// <summary>Responsible for telling that the store cannot be written, or not all of what it is to take.</summary>
/// <param name="store">The store.</param>
internal sealed class StoreFault(IGroupStore store) : IFaultSource
{
    /// <inheritdoc/>
    public string? Current => store.Health switch
    {
        { Writable: false, Reason: var reason } => $"the store cannot be written: {reason ?? "it does not say why"}",
        { Reason: { } reason } => $"changes of groups, sessions and overrides are refused: {reason}",
        _ => null,
    };
}
