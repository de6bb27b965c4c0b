using ClientFailover.Service.Storage;

namespace ClientFailover.Service.Health.Faults;

/// <summary>Responsible for telling that the store cannot be written.</summary>
/// <param name="store">The store.</param>
internal sealed class StoreFault(IGroupStore store) : IFaultSource
{
    /// <inheritdoc/>
    public string? Current => store.Health is { Writable: false, Reason: var reason } ? $"the store cannot be written: {reason ?? "it does not say why"}" : null;
}
